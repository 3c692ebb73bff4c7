package org.annona.payments.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentsProblem;
import org.annona.payments.statement.StatementFile.Line;

class Camt053Properties {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);

    @Provide
    static Arbitrary<Line> lines() {
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        Arbitraries.longs().between(1, 1_000_000_000_000L),
                        Arbitraries.strings().alpha().numeric().ofMinLength(0).ofMaxLength(35),
                        Arbitraries.of("", "AC04", "Geschlossen für immer"),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 400).map(DAY::minusDays))
                .as((credit, minor, reference, reason, reversal, day) ->
                        new Line(credit, minor, reference, "B" + minor, reason, reversal, false, day, null));
    }

    private static String entry(Line line, boolean newer, String zone) {
        String direction = line.credit() ? "CRDT" : "DBIT";
        String reason = line.returnReason().isEmpty()
                ? ""
                : "<RtrInf><Rsn><Prtry>" + line.returnReason() + "</Prtry></Rsn></RtrInf>";
        return "<Ntry><Amt Ccy=\"KES\">" + BigDecimal.valueOf(line.amountMinor(), 2) + "</Amt><CdtDbtInd>" + direction
                + "</CdtDbtInd><RvslInd>" + line.reversal() + "</RvslInd><Sts>" + (newer ? "<Cd>BOOK</Cd>" : "BOOK")
                + "</Sts><BookgDt><DtTm>" + line.bookedOn() + "T23:15:00" + zone + "</DtTm></BookgDt><AcctSvcrRef>"
                + line.bankReference() + "</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>" + line.reference()
                + "</EndToEndId></Refs>" + reason + "</TxDtls></NtryDtls></Ntry>";
    }

    private static String document(List<Line> lines, int version, String zone) {
        StringBuilder xml = new StringBuilder("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.")
                .append(String.format("%02d", version))
                .append("\"><BkToCstmrStmt><Stmt><Id>S</Id><Acct><Id><IBAN>KE1</IBAN></Id></Acct>")
                .append(StatementText.balance("OPBD", "0.00", "CRDT", DAY.toString()))
                .append(StatementText.balance("CLBD", "0.00", "CRDT", DAY.toString()));
        lines.forEach(line -> xml.append(entry(line, version >= 4, zone)));
        return xml.append("</Stmt></BkToCstmrStmt></Document>").toString();
    }

    private static byte[] encoded(String document, String prefix, Charset charset, boolean wrapped) {
        String prefixed = prefix.isEmpty()
                ? document
                : document.replace("xmlns=", "xmlns:" + prefix + "=").replaceAll("<(/?)(\\w)", "<$1" + prefix + ":$2");
        String body = wrapped ? "<BizMsgEnvlp><AppHdr><Id>X</Id></AppHdr>" + prefixed + "</BizMsgEnvlp>" : prefixed;
        return ("<?xml version=\"1.0\" encoding=\"" + charset.name() + "\"?>\n" + body).getBytes(charset);
    }

    @Property(tries = 300)
    void what_a_bank_booked_is_what_is_read_in_every_version_prefix_encoding_and_zone(
            @ForAll("bookings") List<Line> lines,
            @ForAll @IntRange(min = 2, max = 13) int version,
            @ForAll("prefixes") String prefix,
            @ForAll("charsets") Charset charset,
            @ForAll("zones") String zone,
            @ForAll boolean wrapped) {
        byte[] file = encoded(document(lines, version, zone), prefix, charset, wrapped);

        assertThat(Camt053.read(file))
                .containsExactly(new StatementFile("KE1", "S", null, null, DAY, "KES", 0, 0, lines, List.of()));
    }

    @Provide
    Arbitrary<List<Line>> bookings() {
        return lines().list().ofMaxSize(6);
    }

    @Provide
    Arbitrary<String> prefixes() {
        return Arbitraries.of("", "n", "camt");
    }

    @Provide
    Arbitrary<Charset> charsets() {
        return Arbitraries.of(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16);
    }

    @Provide
    Arbitrary<String> zones() {
        return Arbitraries.of("", "Z", "+03:00", "-11:00", ".123", ".123456789+14:00");
    }

    @Property(tries = 1_000)
    void a_file_that_was_damaged_anywhere_is_read_or_refused_with_a_sentence_and_never_anything_else(
            @ForAll("bookings") @Size(max = 3) List<Line> lines,
            @ForAll @IntRange(max = 5_000) int place,
            @ForAll @ByteRange(max = 127) byte wrong,
            @ForAll boolean cut) {
        byte[] file = document(lines, 8, "").getBytes(StandardCharsets.UTF_8);
        int at = place % file.length;
        byte[] damaged = cut ? Arrays.copyOf(file, at) : file.clone();
        if (!cut) {
            damaged[at] = wrong;
        }
        try {
            assertThat(Camt053.read(damaged)).hasSize(1);
        } catch (Problem refused) {
            assertThat(refused.code()).isEqualTo(PaymentsProblem.STATEMENT_UNREADABLE);
        }
    }

    @Property(tries = 200)
    void an_entry_that_lists_its_payments_moves_what_the_same_payments_move_one_by_one(
            @ForAll("amounts") List<Long> amounts, @ForAll boolean newer) {
        String[] details = amounts.stream()
                .map(minor -> "<Amt Ccy=\"KES\">" + BigDecimal.valueOf(minor, 2) + "</Amt>")
                .map(amount -> newer ? amount : "<AmtDtls><TxAmt>" + amount + "</TxAmt></AmtDtls>")
                .toArray(String[]::new);
        long sum = amounts.stream().mapToLong(minor -> minor).sum();
        StatementText bundled = StatementText.statement()
                .entry("<Amt Ccy=\"KES\">" + BigDecimal.valueOf(sum, 2) + "</Amt>"
                        + StatementText.transactions(details));

        assertThat(bundled.read().lines()).extracting(Line::amountMinor).containsExactlyElementsOf(amounts);
        assertThat(bundled.read().movementMinor()).isEqualTo(-sum);
    }

    @Provide
    Arbitrary<List<Long>> amounts() {
        return Arbitraries.longs()
                .between(1, 1_000_000_000L)
                .list()
                .ofMinSize(1)
                .ofMaxSize(20);
    }
}
