package org.annona.access;

import static org.annona.access.internal.tables.Tables.RESET_ACCEPTANCE;
import static org.annona.access.internal.tables.Tables.USER_ACCOUNT;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.sealing.BlindIndex;
import org.annona.foundation.sealing.Sealer;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Forgotten passwords. A reset begins in the user's browser, which keeps its secret in a cookie and shows a code. The user tells
 * the code to an administrator, who accepts it; then that browser, and no other, may choose the new password. The code lets
 * nobody in, so the administrator who accepts it learns nothing of use. In a browser in which the user never signed in, a second person
 * has to accept it too, because an administrator alone could have begun it. Nothing is stored before an administrator accepts.
 *
 * <p>A new user chooses the first password in the same way. There one administrator is enough: nobody has been that user yet, and
 * the first administrator of an installation has no second person to ask.
 */
public final class PasswordResets {

    static final Duration LIFE = Duration.ofHours(1);
    private static final int LONGEST_NAME = 40;
    private static final int LONGEST_KEPT = 600;
    /** Crockford's: none is mistaken for another when it is read out. */
    private static final String LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static final int LETTERS_OF_BROWSER = 8;
    private static final int LETTERS_OF_CHECK = 4;
    private static final int GROUP = 4;
    private static final String COLUMN = "access.reset.cookie";

    private final Database database;
    private final Users users;
    private final Devices devices;
    private final BlindIndex index;
    private final Sealer sealer;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final AuditTrail audit = new AuditTrail("access");

    PasswordResets(Database database, Users users, Devices devices, BlindIndex index, Sealer sealer, Clock clock) {
        this.database = database;
        this.users = users;
        this.devices = devices;
        this.index = index;
        this.sealer = sealer;
        this.clock = clock;
    }

    /**
     * A reset as the user's browser shows it; it looks the same where nobody has the name, and for a new user.
     *
     * @param needed how many have to accept the reset of an earlier password
     * @param acceptedBy who has
     */
    public record Pending(
            String name, String code, Instant until, int needed, List<String> acceptedBy, boolean accepted) {}

    /** One acceptance, as the page of the user shows it. */
    public record Acceptance(String code, String by, Instant at) {}

    private record Begun(String name, String secret, Instant until) {}

    /** Begins a reset. @return what the browser keeps */
    public String begin(String typedName) {
        byte[] secret = new byte[16];
        random.nextBytes(secret);
        String name = Users.normalised(typedName);
        String content = clock.instant().plus(LIFE).getEpochSecond() + "|"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "|"
                + name.substring(0, Math.min(LONGEST_NAME, name.length()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sealer.seal(COLUMN, "", content));
    }

    /** The reset that began in a browser, if there is one. @param kept what it kept */
    public Optional<Pending> of(@Nullable String kept, SignInPlace place) {
        return begun(kept).map(begun -> pending(database.sql(), begun, place));
    }

    private Optional<Begun> begun(@Nullable String kept) {
        if (kept == null || kept.isEmpty() || kept.length() > LONGEST_KEPT) {
            return Optional.empty();
        }
        try {
            String[] parts = new String(
                            sealer.open(COLUMN, "", Base64.getUrlDecoder().decode(kept)), StandardCharsets.UTF_8)
                    .split("\\|", 3);
            Begun begun = new Begun(parts[2], parts[1], Instant.ofEpochSecond(Long.parseLong(parts[0])));
            return begun.until().isAfter(clock.instant()) ? Optional.of(begun) : Optional.empty();
        } catch (IllegalArgumentException | Problem notOurs) {
            return Optional.empty();
        }
    }

    private Pending pending(DSLContext sql, Begun begun, SignInPlace place) {
        String code = code(begun);
        var rows = sql.select(
                        RESET_ACCEPTANCE.ACCEPTED_BY,
                        RESET_ACCEPTANCE.ADMINISTRATOR,
                        USER_ACCOUNT.KNOWN_SINCE,
                        USER_ACCOUNT.ENABLED,
                        USER_ACCOUNT.PASSWORD_HASH.isNull())
                .from(USER_ACCOUNT)
                .leftJoin(RESET_ACCEPTANCE)
                .on(RESET_ACCEPTANCE.USER_NAME.eq(USER_ACCOUNT.NAME))
                .and(RESET_ACCEPTANCE.CODE.eq(code))
                .and(RESET_ACCEPTANCE.ACCEPTED_AT.gt(clock.instant().minus(LIFE)))
                .where(USER_ACCOUNT.NAME.eq(begun.name()))
                .orderBy(RESET_ACCEPTANCE.ACCEPTED_AT)
                .fetch();
        boolean known = !rows.isEmpty()
                && devices.idFor(place.device(), begun.name(), rows.getFirst().value3())
                        .isPresent();
        List<String> by = rows.stream()
                .map(row -> row.value1())
                .filter(name -> name != null)
                .toList();
        boolean administrator = rows.stream().anyMatch(row -> Boolean.TRUE.equals(row.value2()));
        int needed = known ? 1 : 2;
        return new Pending(
                begun.name(),
                spaced(code),
                begun.until(),
                needed,
                by,
                administrator
                        && (by.size() >= needed || rows.getFirst().value5())
                        && rows.getFirst().value4());
    }

    /** Sets the new password; every session of the user ends, and lock-outs are lifted. */
    public void complete(@Nullable String kept, SignInPlace place, String wanted) {
        Begun begun = begun(kept).orElseThrow(() -> Problem.of(AccessProblem.RESET_OVER));
        if (!pending(database.sql(), begun, place).accepted()) {
            throw Problem.of(AccessProblem.RESET_OVER);
        }
        UserAccount user = users.find(begun.name()).orElseThrow(() -> Problem.of(AccessProblem.RESET_OVER));
        users.resetPassword(user.name(), user.displayName(), wanted, tx -> {
            // Again, now that no other reset of this user can be completed at the same time.
            Pending accepted = pending(tx, begun, place);
            if (!accepted.accepted()) {
                throw Problem.of(AccessProblem.RESET_OVER);
            }
            // Others that were begun meanwhile are over too.
            tx.deleteFrom(RESET_ACCEPTANCE)
                    .where(RESET_ACCEPTANCE.USER_NAME.eq(user.name()))
                    .execute();
            return String.join(", ", accepted.acceptedBy());
        });
    }

    /** A second person heard the code from the user. */
    public void accept(Actor actor, String userName, String typedCode) {
        actor.require(AccessPermission.ACCEPT_RESETS);
        String name = Users.normalised(userName);
        if (name.equals(actor.name())) {
            throw Problem.of(AccessProblem.RESET_OWN);
        }
        String code = read(typedCode);
        if (users.find(name).isEmpty()) {
            throw Problem.of(AccessProblem.USER_UNKNOWN, "name", name);
        }
        Grants.refuseOutOfReach(database.sql(), actor, name);
        if (code.length() != LETTERS_OF_BROWSER + LETTERS_OF_CHECK || !code.endsWith(check(name, code))) {
            throw Problem.of(AccessProblem.RESET_CODE_UNFIT, "name", name);
        }
        database.transact(tx -> {
            tx.insertInto(RESET_ACCEPTANCE)
                    .set(RESET_ACCEPTANCE.USER_NAME, name)
                    .set(RESET_ACCEPTANCE.CODE, code)
                    .set(RESET_ACCEPTANCE.ACCEPTED_BY, actor.name())
                    .set(RESET_ACCEPTANCE.ADMINISTRATOR, actor.may(AccessPermission.MANAGE_USERS))
                    .set(RESET_ACCEPTANCE.ACCEPTED_AT, clock.instant())
                    .onConflictDoNothing()
                    .execute();
            audit.append(
                    tx,
                    AuditEvent.of(actor.name(), "access.user.accept_reset", "user/" + name)
                            .with("code", spaced(code)));
        });
    }

    /** What was accepted for the user and not used yet. */
    public List<Acceptance> accepted(Actor actor, String name) {
        actor.require(AccessPermission.VIEW_USERS);
        return database.sql()
                .select(RESET_ACCEPTANCE.CODE, RESET_ACCEPTANCE.ACCEPTED_BY, RESET_ACCEPTANCE.ACCEPTED_AT)
                .from(RESET_ACCEPTANCE)
                .where(RESET_ACCEPTANCE.USER_NAME.eq(Users.normalised(name)))
                .and(RESET_ACCEPTANCE.ACCEPTED_AT.gt(clock.instant().minus(LIFE)))
                .orderBy(RESET_ACCEPTANCE.ACCEPTED_AT)
                .limit(20)
                .fetch(row -> new Acceptance(spaced(row.value1()), row.value2(), row.value3()));
    }

    void forgetOld() {
        database.sql()
                .deleteFrom(RESET_ACCEPTANCE)
                .where(RESET_ACCEPTANCE.ACCEPTED_AT.le(clock.instant().minus(LIFE)))
                .execute();
    }

    private String code(Begun begun) {
        String browser = letters(
                index.of("reset", begun.until().getEpochSecond() + "|" + begun.secret() + "|" + begun.name()),
                LETTERS_OF_BROWSER);
        return browser + check(begun.name(), browser);
    }

    /** Tells a slip of the tongue, and the code of another user, from one that can be meant. */
    private String check(String name, String code) {
        return letters(index.of("check", name + "|" + code.substring(0, LETTERS_OF_BROWSER)), LETTERS_OF_CHECK);
    }

    private static String letters(byte[] bytes, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(LETTERS.charAt(bytes[i] & 31));
        }
        return text.toString();
    }

    private static String spaced(String code) {
        return code.replaceAll("(.{" + GROUP + "})(?=.)", "$1-");
    }

    private static String read(@Nullable String typed) {
        return String.valueOf(typed)
                .toUpperCase(Locale.ROOT)
                .replace('O', '0')
                .replace('I', '1')
                .replace('L', '1')
                .chars()
                .filter(sign -> LETTERS.indexOf(sign) >= 0)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}
