package org.annona.payments.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.annona.foundation.problem.Problem;
import org.annona.payments.statement.StatementFile.Bundle;
import org.annona.payments.statement.StatementFile.Line;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements as real banks write them, which lie beside the project and not in it. */
class StatementsOfBanksTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 28);
    private static final Line FUNDS = new Line(true, 100_00, "REF-X", "B-REF-X", "", false, false, DAY, null);
    private static final StatementFile PLAIN =
            new StatementFile("GOV0001", "ST1", 1L, null, DAY, "KES", 0, 100_00, List.of(FUNDS), List.of());

    private static Optional<Path> folderBeside() {
        for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
            Path folder = up.resolve("shared/data/statements");
            if (Files.isDirectory(folder)) {
                return Optional.of(folder);
            }
        }
        return Optional.empty();
    }

    @BeforeAll
    static void require_the_folder() {
        Assumptions.assumeTrue(
                folderBeside().isPresent(),
                "Statements of banks are not read: no folder shared/data/statements lies beside the project.");
    }

    private static List<StatementFile> read(String name) throws IOException {
        return Camt053.read(Files.readAllBytes(folderBeside().orElseThrow().resolve(name + ".xml")));
    }

    private static StatementFile only(String name) throws IOException {
        List<StatementFile> statements = read(name);
        assertThat(statements).hasSize(1);
        return statements.getFirst();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C01_plain_v02",
                "C02_datetime_without_offset",
                "C03_balance_datetime_without_offset",
                "C04_balance_availability",
                "C17_v08_status_code",
                "C20_prefixed_latin1",
                "C25_closing_available_after_booked",
                "C28_group_header_ids"
            })
    void one_credit_reads_the_same_however_a_bank_writes_it(String name) throws IOException {
        assertThat(only(name)).isEqualTo(PLAIN);
    }

    @Test
    void two_days_in_one_file_are_two_statements_in_their_order_C05() throws IOException {
        assertThat(read("C05_two_days_in_one_file"))
                .extracting(
                        StatementFile::id, StatementFile::day, StatementFile::openingMinor, StatementFile::closingMinor)
                .containsExactly(tuple("ST1", DAY.minusDays(1), 0L, 100_00L), tuple("ST2", DAY, 100_00L, 150_00L));
    }

    @Test
    void statements_of_two_accounts_in_one_file_are_told_apart_C06() throws IOException {
        assertThat(read("C06_two_accounts_in_one_file"))
                .extracting(StatementFile::account, StatementFile::closingMinor)
                .containsExactly(tuple("GOV0001", 100_00L), tuple("GOV0002", 5_00L));
    }

    @Test
    void a_number_that_is_not_there_is_missing_and_nothing_else_C07_C08() throws IOException {
        assertThat(only("C07_no_electronic_sequence"))
                .isEqualTo(new StatementFile(
                        "GOV0001", "ST1", null, null, DAY, "KES", 0, 100_00, List.of(FUNDS), List.of()));
        assertThat(only("C08_legal_sequence_only"))
                .isEqualTo(new StatementFile(
                        "GOV0001", "ST1", null, 1L, DAY, "KES", 0, 100_00, List.of(FUNDS), List.of()));
    }

    @Test
    void one_booking_for_three_payments_is_one_line_that_says_so_C10() throws IOException {
        StatementFile statement = only("C10_batch_without_details");

        assertThat(statement.lines())
                .containsExactly(new Line(false, 300_00, "", "B-B", "", false, false, DAY, new Bundle("MSG1", 3)));
        assertThat(statement.closingMinor()).isEqualTo(-300_00);
    }

    @Test
    void numbers_that_begin_again_in_January_are_read_as_they_stand_C14() throws IOException {
        StatementFile statement = only("C14_new_year_sequence_1");

        assertThat(statement.sequence()).isEqualTo(1);
        assertThat(statement.day()).isEqualTo(LocalDate.of(2027, 1, 1));
    }

    @Test
    void a_page_that_is_missing_is_named_C18() {
        assertThatThrownBy(() -> read("C18_interim_pages"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("page 2 of statement ST1 is missing");
    }

    @Test
    void what_is_pending_is_shown_and_not_booked_C19() throws IOException {
        StatementFile statement = only("C19_pending_entry");

        assertThat(statement.lines()).containsExactly(FUNDS);
        assertThat(statement.pending()).containsExactly(new Line(true, 40_00, "P", "B-P", "", false, false, DAY, null));
    }

    @Test
    void a_day_on_which_nothing_happened_has_a_statement_without_lines_C21() throws IOException {
        StatementFile statement = only("C21_no_entries");

        assertThat(statement.lines()).isEmpty();
        assertThat(statement.closingMinor()).isZero();
    }

    @Test
    void a_reversal_is_called_one_and_is_no_return_C23() throws IOException {
        assertThat(only("C23_reversal").lines())
                .containsExactly(new Line(true, 100_00, "REF-X", "B-REF-X", "", true, false, DAY, null));
    }

    @Test
    void a_reason_of_the_banks_own_is_a_reason_C24() throws IOException {
        assertThat(only("C24_return_reason_proprietary").lines())
                .containsExactly(new Line(true, 100_00, "REF", "B-REF-X", "CLOSED", false, false, DAY, null));
    }

    @Test
    void an_overdrawn_account_closes_below_zero_C27() throws IOException {
        StatementFile statement = only("C27_negative_closing");

        assertThat(statement.closingMinor()).isEqualTo(-500_00);
        assertThat(statement.movementMinor()).isEqualTo(-500_00);
    }

    @Test
    void no_file_that_lies_there_is_forgotten_here() throws IOException {
        Set<String> tried = Set.of(
                "C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "C10", "C14", "C17", "C18", "C19", "C20", "C21",
                "C23", "C24", "C25", "C27", "C28");
        try (Stream<Path> files = Files.list(folderBeside().orElseThrow())) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".xml"))
                            .map(name -> name.substring(0, 3))
                            .collect(Collectors.toSet()))
                    .isEqualTo(tried);
        }
    }
}
