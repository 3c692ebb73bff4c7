package org.annona.foundation.audit;

import static org.annona.foundation.internal.tables.Tables.AUDIT_CHAIN;
import static org.annona.foundation.internal.tables.Tables.AUDIT_ENTRY;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.annona.foundation.database.Database;
import org.annona.foundation.scope.AcrossOrganisations;
import org.annona.foundation.scope.Scope;

/**
 * The newest entry of each chain, written to a file of its own on each day. A file that is kept elsewhere proves later that the trail
 * was not cut off or written anew, also by somebody who has the database and the key.
 *
 * <p>Lines: a title, the time in UTC, {@code chain seq hash} for each chain, and {@code seal} with the HMAC of the lines before.
 */
public final class AuditHeads {

    private static final String TITLE = "annona audit heads 1";

    private final Database database;
    private final AuditSeal seal;

    public AuditHeads(Database database, AuditSeal seal) {
        this.database = database;
        this.seal = seal;
    }

    /**
     * Writes the file of today, in place of the one that was written earlier today; files of earlier days stay.
     *
     * @param folder made where it is missing
     */
    public void writeToday(Path folder, Clock clock) {
        try {
            Files.createDirectories(folder);
            Path file = folder.resolve(LocalDate.now(clock) + ".txt");
            String text = text(clock.instant());
            Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
            Files.writeString(unfinished, text);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private String text(Instant now) {
        StringBuilder text = new StringBuilder(TITLE + "\n" + now + "\n");
        database.sql()
                .selectFrom(AUDIT_CHAIN)
                .orderBy(AUDIT_CHAIN.CHAIN)
                .forEach(chain -> text.append(chain.getChain())
                        .append(' ')
                        .append(chain.getSeq())
                        .append(' ')
                        .append(HexFormat.of().formatHex(chain.getHash()))
                        .append('\n'));
        return text + "seal " + HexFormat.of().formatHex(seal.ofText(text.toString())) + "\n";
    }

    /**
     * Compares the trail with a file of heads.
     *
     * @return one sentence per contradiction; none where the trail goes on from what the file says
     */
    public List<String> compare(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException unreadable) {
            return List.of("the file cannot be read");
        }
        if (lines.size() < 3 || !lines.getFirst().equals(TITLE)) {
            return List.of("it is no file of audit heads");
        }
        List<String> faults = new ArrayList<>();
        String sealed = String.join("\n", lines.subList(0, lines.size() - 1)) + "\n";
        if (!lines.getLast().equals("seal " + HexFormat.of().formatHex(seal.ofText(sealed)))) {
            faults.add("the file was changed, or is of another installation");
        }
        for (String line : lines.subList(2, lines.size() - 1)) {
            String[] head = line.split(" ");
            if (head.length != 3 || !head[1].matches("\\d{1,18}")) {
                faults.add("a line cannot be read");
            } else if (Long.parseLong(head[1]) > 0 && !stands(head[0], Long.parseLong(head[1]), head[2])) {
                faults.add("entry " + head[1] + " of " + head[0] + " is not the one of " + lines.get(1));
            }
        }
        return faults;
    }

    private boolean stands(String chain, long seq, String hash) {
        return Scope.across(AcrossOrganisations.OPERATION)
                .call(() -> database.sql()
                        .select(AUDIT_ENTRY.HASH)
                        .from(AUDIT_ENTRY)
                        .where(AUDIT_ENTRY.CHAIN.eq(chain), AUDIT_ENTRY.SEQ.eq(seq))
                        .fetchOptional(AUDIT_ENTRY.HASH)
                        .filter(found -> Arrays.equals(found, parsed(hash)))
                        .isPresent());
    }

    private static byte[] parsed(String hex) {
        try {
            return HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException malformed) {
            return new byte[0];
        }
    }
}
