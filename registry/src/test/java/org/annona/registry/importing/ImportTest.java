package org.annona.registry.importing;

import static org.annona.registry.RegistryWorld.HEADER;
import static org.annona.registry.RegistryWorld.REGISTRAR;
import static org.annona.registry.RegistryWorld.nationalId;
import static org.annona.registry.RegistryWorld.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Problem;
import org.annona.registry.ImportStatus;
import org.annona.registry.RegistryProblem;
import org.annona.registry.RegistryWorld;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportTest {

    private final RegistryWorld world = new RegistryWorld();
    private final RowReport report = new RowReport(world.database, world.keys);

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void a_list_becomes_people_in_households() {
        ImportStatus done = world.take(
                HEADER,
                "H1,head,Amina,Yusuf,F,1986-04-01," + nationalId(1)
                        + ",0712345678,N01,1250.50,mobile,MPESA,254712345678",
                person("H1", "child", "Yonas", "Yusuf", "M", "2019-11-30", ""),
                person("H2", "head", "ጸጋዬ", "አበበ", "M", "1971-01-15", nationalId(2)));
        assertThat(done.rowsTotal()).isEqualTo(3);
        assertThat(done.rowsCreated()).isEqualTo(3);
        assertThat(done.rowsRejected()).isZero();
        assertThat(world.count("household")).isEqualTo(2);
        assertThat(world.count("membership")).isEqualTo(3);
        assertThat(world.count("account")).isEqualTo(1);
        assertThat(world.database.sql().fetchValue("select max(monthly_income_minor) from registry.household"))
                .isEqualTo(125_050L);
    }

    @Test
    void the_check_changes_nothing_in_the_registry() {
        ImportStatus checked = world.check(HEADER, person("H1", "head", "Amina", "Yusuf", "F", "1986-04-01", ""));
        assertThat(checked.rowsCreated()).isEqualTo(1);
        assertThat(world.count("person")).isZero();
        world.imports.cancel(REGISTRAR, checked.id());
        assertThat(world.count("import_piece")).as("the file is forgotten").isZero();
    }

    /** Far enough in the file that pieces before it are committed, and others after it are prepared already. */
    private static final int STUMBLING_ROW = 4_500;

    private static String list(int rows) {
        StringBuilder list = new StringBuilder(HEADER);
        for (int row = 2; row < rows + 2; row++) {
            String birth = row == STUMBLING_ROW ? "1999-09-09" : "1986-04-01";
            list.append('\n').append(person("H" + row, "head", "Given" + row, "Family", "F", birth, ""));
        }
        return list.toString();
    }

    @Test
    void a_job_that_breaks_in_the_middle_of_a_long_list_goes_on_where_it_stopped() {
        ImportStatus uploaded = world.upload(list(7_000));

        world.stumbleAt("import_row", "new.row_number = " + STUMBLING_ROW);
        world.registry.checkImport(
                REGISTRAR, uploaded.id(), uploaded.mapping(), uploaded.dateOrder(), uploaded.source());
        world.awaitFailedJob(uploaded.id());
        assertThat(world.count("import_row")).isBetween(2_000L, STUMBLING_ROW - 2L);
        world.goOn(uploaded.id());
        ImportStatus checked = world.awaitState(uploaded.id(), ImportStatus.State.CHECKED);
        assertThat(checked.rowsTotal()).isEqualTo(7_000);
        assertThat(checked.rowsCreated()).isEqualTo(7_000);

        world.stumbleAt("person", "new.birth_date = date '1999-09-09'");
        world.registry.applyImport(REGISTRAR, checked.id());
        world.awaitFailedJob(checked.id());
        assertThat(world.count("person")).isBetween(2_000L, STUMBLING_ROW - 2L);
        world.goOn(checked.id());
        ImportStatus done = world.awaitState(checked.id(), ImportStatus.State.APPLIED);
        assertThat(done.rowsCreated()).isEqualTo(7_000);
        assertThat(world.count("person")).isEqualTo(7_000);
        assertThat(world.count("membership")).isEqualTo(7_000);
    }

    @Test
    void bad_rows_end_in_the_report_and_nowhere_else() {
        String id = nationalId(7);
        String wrongDigit = id.substring(0, 11) + (char) ('0' + (id.charAt(11) - '0' + 1) % 10);
        ImportStatus done = world.take(
                HEADER,
                person("H1", "head", "Good", "Person", "F", "1986-04-01", nationalId(1)),
                person("H1", "child", "Bad", "Date", "M", "2019-02-30", ""),
                person("H1", "child", "Not", "Born", "M", "2090-01-01", ""),
                person("H1", "head", "Second", "Head", "M", "1980-01-01", ""),
                person("H1", "child", "Wrong", "Digit", "M", "2012-01-01", wrongDigit),
                person("H1", "child", "", "Nameless", "M", "2012-01-01", ""),
                person("H1", "boss", "Odd", "Role", "M", "2012-01-01", ""),
                person("H1", "child", "Odd", "Sex", "Q", "2012-01-01", ""),
                "H1,child,Lost,Area,F,2012-01-01,,,X99,,,,",
                "H1,child,Odd,Phone,F,2012-01-01,,12,N01,,,,",
                "H1,child,Odd,Income,F,2012-01-01,,,N01,12e3,,,",
                "H1,child,Half,Account,F,2012-01-01,,,N01,,mobile,,",
                "H1,child,Short",
                "H1,child,Too,Long,F,2012-01-01,,,N01,,,,,,");
        assertThat(done.rowsCreated()).isEqualTo(1);
        assertThat(done.rowsRejected()).isEqualTo(13);
        assertThat(world.count("person")).isEqualTo(1);
        assertThat(codes(done))
                .containsExactly(
                        "3 DATE_UNREADABLE",
                        "4 DATE_IMPOSSIBLE",
                        "5 SECOND_HEAD",
                        "6 IDENTIFIER_CHECK_DIGIT",
                        "7 NAME_MISSING",
                        "8 ROLE_UNKNOWN",
                        "9 SEX_UNKNOWN",
                        "10 AREA_UNKNOWN",
                        "11 PHONE_UNREADABLE",
                        "12 AMOUNT_UNREADABLE",
                        "13 ACCOUNT_INCOMPLETE",
                        "14 COLUMNS_MISSING",
                        "15 COLUMNS_TOO_MANY");
        StringWriter rejected = new StringWriter();
        report.writeRejected(REGISTRAR, done.id(), rejected);
        assertThat(rejected.toString().lines()).hasSize(14).first().asString().isEqualTo(HEADER + ",why_rejected");
        assertThat(rejected.toString()).contains("2019-02-30").contains("Row 2 already is the head");
    }

    @Test
    void people_who_are_entered_twice_in_a_file_are_taken_once() {
        ImportStatus done = world.take(
                HEADER,
                person("H1", "head", "Amina", "Yusuf", "F", "1986-04-01", nationalId(1)),
                person("H2", "head", "Another", "Name", "F", "1990-04-01", nationalId(1)),
                person("H3", "head", "Without", "Number", "M", "1990-04-01", ""),
                person("H3", "head", "NUMBER", "without", "M", "1990-04-01", ""));
        assertThat(codes(done)).containsExactly("3 SAME_IDENTIFIER_IN_FILE", "5 SAME_PERSON_IN_FILE");
        assertThat(done.rowsCreated()).isEqualTo(2);
    }

    @Test
    void the_same_file_leads_to_the_import_that_it_already_is() {
        String[] file = {HEADER, person("H1", "head", "Amina", "Yusuf", "F", "1986-04-01", nationalId(1))};
        ImportStatus first = world.take(file);
        ImportStatus second = world.upload(String.join("\n", file));
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.state()).isEqualTo(ImportStatus.State.APPLIED);
        assertThat(world.count("import")).isEqualTo(1);
    }

    @Test
    void the_same_people_in_another_file_change_nothing() {
        String[] rows = {
            person("H1", "head", "Amina", "Yusuf", "F", "1986-04-01", nationalId(1)),
            person("H1", "child", "Yonas", "Yusuf", "M", "2019-11-30", "")
        };
        world.take(HEADER, rows[0], rows[1]);
        Object before = world.database.sql().fetch("select * from registry.person order by id");
        ImportStatus again = world.take(HEADER, rows[1], rows[0]);
        assertThat(again.rowsUnchanged()).isEqualTo(2);
        assertThat(again.rowsCreated() + again.rowsUpdated()).isZero();
        assertThat((Object) world.database.sql().fetch("select * from registry.person order by id"))
                .isEqualTo(before);
    }

    @Test
    void what_changed_at_the_source_changes_here() {
        world.take(
                HEADER,
                "H1,head,Amina,Yusuf,F,1986-04-01," + nationalId(1) + ",0712345678,N01,100,mobile,MPESA,254712345678",
                person("H1", "child", "Yonas", "Yusuf", "M", "2019-11-30", nationalId(2)));
        ImportStatus second = world.take(
                HEADER,
                "H1,head,Amina,Yusuf,F,1986-04-02," + nationalId(1) + ",0722345678,S01,200,mobile,MPESA,254722345678",
                person("H9", "child", "Yonas", "Yusuf", "M", "2019-11-30", nationalId(2)));
        assertThat(second.rowsUpdated()).isEqualTo(2);
        assertThat(world.count("person")).isEqualTo(2);
        assertThat(world.database.sql().fetchValue("select count(*) from registry.account where active"))
                .isEqualTo(1L);
        assertThat(world.count("phone")).isEqualTo(2);
        assertThat(world.database
                        .sql()
                        .fetchValue("select monthly_income_minor from registry.household order by created_at limit 1"))
                .isEqualTo(20_000L);
        assertThat(world.database
                        .sql()
                        .fetchValue("select end_reason from registry.membership where valid_to is not null"))
                .isEqualTo("moved");
        assertThat(world.database.sql().fetchValue("select count(*) from registry.membership where valid_to is null"))
                .isEqualTo(2L);
    }

    @Test
    void before_it_is_written_a_list_shows_which_columns_each_row_would_change_and_changes_nothing() {
        world.take(
                HEADER,
                "H1,head,Amina,Yusuf,F,1986-04-01," + nationalId(1) + ",0712345678,N01,100,mobile,MPESA,254712345678",
                person("H1", "child", "Yonas", "Yusuf", "M", "2019-11-30", nationalId(2)),
                person("H1", "child", "Selam", "Yusuf", "F", "2021-11-30", nationalId(3)));
        List<String> tables = List.of("person", "identifier", "phone", "account", "household", "membership");
        Map<String, Object> before = contents(tables);
        ImportStatus checked = world.check(
                HEADER,
                "H1,head,Amina,Yusuf,F,1986-04-02," + nationalId(1) + ",0722345678,S01,200,mobile,MPESA,254722345678",
                person("H9", "head", "Yonas", "Yusuf", "M", "2019-11-30", nationalId(2)),
                person("H1", "child", "Selam", "Yusuf", "F", "2021-11-30", nationalId(3)));

        List<String> shown = changed(checked);
        assertThat(shown.get(0))
                .contains("Birth date", "Phone", "Code of the area", "Monthly income", "Account number")
                .doesNotContain("Given name", "0722345678", "254722345678");
        assertThat(shown.get(1)).isEqualTo("Number of the household");
        assertThat(shown.get(2)).isEmpty();
        assertThat(contents(tables)).isEqualTo(before);

        assertThat(changed(world.apply(checked))).isEqualTo(shown);
    }

    private Map<String, Object> contents(List<String> tables) {
        return tables.stream()
                .collect(Collectors.toMap(
                        table -> table,
                        table -> world.database.sql().fetch("select * from registry." + table + " order by id")));
    }

    private List<String> changed(ImportStatus file) {
        List<String> changed = new ArrayList<>();
        Keyset.forEach(
                request -> report.page(REGISTRAR, file.id(), request),
                new PageRequest("", false, null, 100, Map.of()),
                line -> changed.add(line.changed()));
        return changed;
    }

    @Test
    void a_checked_import_goes_back_to_its_columns_and_is_checked_anew() {
        ImportStatus checked = world.check(
                "household_no,role,given_name,family_name,sex,birth_date,national_id",
                "H1,head,Amina,Yusuf,F,04/05/1986," + nationalId(1));
        ImportStatus again = world.registry.importAgain(RegistryWorld.REGISTRAR, checked.id());

        assertThat(again.state()).isEqualTo(ImportStatus.State.UPLOADED);
        assertThat(again.mapping()).isEqualTo(checked.mapping());
        assertThat(world.registry
                        .importStatus(RegistryWorld.REGISTRAR, checked.id())
                        .state())
                .isEqualTo(ImportStatus.State.CANCELLED);
        world.registry.checkImport(
                RegistryWorld.REGISTRAR, again.id(), again.mapping(), "MONTH_DAY_YEAR", again.source());
        ImportStatus written = world.apply(world.awaitState(again.id(), ImportStatus.State.CHECKED));
        assertThat(written.rowsCreated()).isEqualTo(1);
        assertThat(world.database.sql().fetchValue("select birth_date::text from registry.person"))
                .isEqualTo("1986-04-05");
        assertThatThrownBy(() -> world.registry.importAgain(RegistryWorld.REGISTRAR, again.id()))
                .isInstanceOf(Problem.class);
    }

    @Test
    void an_import_that_changes_where_money_goes_is_confirmed_by_two_people() {
        world.take(
                HEADER,
                "H1,head,Amina,Yusuf,F,1986-04-01," + nationalId(1) + ",0712345678,N01,100,mobile,MPESA,254712345678");
        ImportStatus checked = world.check(
                HEADER,
                "H1,head,Amina,Yusuf,F,1986-04-01," + nationalId(1) + ",0712345678,N01,100,bank,bank1,9999999999");
        assertThat(checked.accountsChanged()).isEqualTo(1);

        world.registry.applyImport(RegistryWorld.REGISTRAR, checked.id());
        assertThatThrownBy(() -> world.registry.applyImport(RegistryWorld.REGISTRAR, checked.id()))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.code()).isEqualTo(RegistryProblem.SAME_PERSON));
        assertThat(world.registry
                        .importStatus(RegistryWorld.REGISTRAR, checked.id())
                        .state())
                .isEqualTo(ImportStatus.State.CHECKED);
        assertThatThrownBy(() -> world.database.sql().execute("update registry.import set state = 'applying'"))
                .isInstanceOf(org.jooq.exception.DataAccessException.class);

        world.registry.applyImport(RegistryWorld.OTHER_REGISTRAR, checked.id());

        world.awaitState(checked.id(), ImportStatus.State.APPLIED);
        assertThat(world.database.sql().fetchValue("select provider from registry.account where active"))
                .isEqualTo("BANK1");
    }

    @Test
    void a_household_that_is_registered_gets_no_second_head() {
        world.take(HEADER, person("H1", "head", "Amina", "Yusuf", "F", "1986-04-01", nationalId(1)));
        ImportStatus second = world.take(
                HEADER,
                person("H1", "head", "Brother", "Yusuf", "M", "1980-04-01", nationalId(2)),
                person("H1", "child", "Son", "Yusuf", "M", "2010-04-01", nationalId(3)));
        assertThat(codes(second)).containsExactly("2 HEAD_CHANGES", "3 HEAD_CHANGES");
        assertThat(second.rowsCreated()).isZero();
    }

    @Test
    void a_person_who_is_entered_elsewhere_between_check_and_confirmation_is_not_entered_again() {
        ImportStatus waiting = world.check(
                HEADER,
                person("H1", "head", "Amina", "Yusuf", "F", "1986-04-01", nationalId(1)),
                person("H2", "head", "Other", "Person", "F", "1986-04-01", nationalId(2)),
                person("H3", "head", "Third", "Person", "F", "1986-04-01", nationalId(3)));
        world.take(HEADER, person("H2", "head", "Other", "Person", "F", "1986-04-01", nationalId(2)));
        ImportStatus done = world.apply(waiting);
        assertThat(world.count("person")).isEqualTo(3);
        assertThat(done.rowsImported() + done.rowsRejected()).isEqualTo(3);
        assertThat(done.rowsCreated()).isEqualTo(2);
    }

    @Test
    void a_person_who_died_is_not_changed_by_a_list() {
        world.take(HEADER, person("H1", "head", "Amina", "Yusuf", "F", "1986-04-01", nationalId(1)));
        UUID id = (UUID) world.database.sql().fetchValue("select id from registry.person");
        world.people.recordDeath(REGISTRAR, id, world.today().minusDays(1));
        ImportStatus again =
                world.take(HEADER, person("H2", "head", "Amina", "Changed", "F", "1986-04-01", nationalId(1)));
        assertThat(codes(again)).containsExactly("2 PERSON_NOT_ACTIVE");
    }

    @ParameterizedTest
    @CsvSource({"UTF-8,','", "UTF-8,;", "UTF-16LE,'\t'", "windows-1252,|", "windows-1256,;"})
    void encoding_and_delimiter_are_told_from_the_file(String encoding, char delimiter) {
        String name = encoding.equals("windows-1256") ? "عائشة" : "Zoë";
        String mark = encoding.equals("UTF-16LE") ? "\uFEFF" : "";
        StringBuilder text =
                new StringBuilder(mark + "given name;family name;sex;date of birth\n".replace(';', delimiter));
        for (int i = 0; i < 40; i++) {
            text.append(name)
                    .append(delimiter)
                    .append(name)
                    .append(" بن علي".repeat(encoding.equals("windows-1256") ? 1 : 0));
            text.append(delimiter)
                    .append("F")
                    .append(delimiter)
                    .append("23/05/")
                    .append(1950 + i)
                    .append('\n');
        }
        ImportStatus uploaded = world.registry.uploadPeople(
                REGISTRAR, "list.csv", RegistryWorld.stream(text.toString(), Charset.forName(encoding)));
        if (!uploaded.encoding().equalsIgnoreCase(encoding)) {
            // Old one-byte encodings look alike: then the person who knows the file says which it is.
            uploaded = world.imports.changeEncoding(REGISTRAR, uploaded.id(), encoding);
        }
        assertThat(uploaded.delimiter()).isEqualTo(delimiter);
        assertThat(uploaded.dateOrder()).isEqualTo("DAY_MONTH_YEAR");
        ImportStatus done = world.apply(world.check(uploaded));
        assertThat(done.rowsCreated()).isEqualTo(40);
        PageRequest search = new PageRequest("", false, null, 50, Map.of("q", name));
        assertThat(new ImportSearch(world).find(search)).isEqualTo(40);
    }

    @Test
    void what_is_no_list_is_refused_with_what_to_do() {
        refused(RegistryProblem.FILE_EMPTY, new byte[0]);
        refused(RegistryProblem.FILE_NOT_TEXT, new byte[] {'P', 'K', 3, 4, 0, 0});
        refused(RegistryProblem.FILE_NOT_TEXT, "%PDF-1.7".getBytes(StandardCharsets.US_ASCII));
        refused(RegistryProblem.FILE_NOT_TEXT, new byte[] {1, 2, 0, 4, 5});
        refused(RegistryProblem.FILE_HEADER_UNFIT, "just one line of prose".getBytes(StandardCharsets.UTF_8));
        refused(RegistryProblem.FILE_HEADER_UNFIT, "name,name\nx,y".getBytes(StandardCharsets.UTF_8));
        refused(RegistryProblem.FILE_HEADER_UNFIT, "name,\"sex\nx,y".getBytes(StandardCharsets.UTF_8));
        assertThat(world.count("import"))
                .as("nothing of a refused file is kept")
                .isZero();
        assertThat(world.count("import_piece")).isZero();
    }

    private void refused(RegistryProblem problem, byte[] content) {
        assertThatThrownBy(() ->
                        world.registry.uploadPeople(REGISTRAR, "x.csv", new java.io.ByteArrayInputStream(content)))
                .isInstanceOfSatisfying(
                        Problem.class, refusal -> assertThat(refusal.code()).isEqualTo(problem));
    }

    @Test
    void a_quotation_mark_that_is_never_closed_stops_the_check_and_the_file_can_be_given_up() {
        StringBuilder text = new StringBuilder("given_name,family_name\n");
        text.append("x,y\n".repeat(30_000)).append("\"never closed,y\n");
        ImportStatus uploaded = world.upload(text.toString());
        world.registry.checkImport(
                REGISTRAR, uploaded.id(), uploaded.mapping(), uploaded.dateOrder(), uploaded.source());
        assertThat(world.awaitFailedJob(uploaded.id()).message()).contains("never closed");
        world.imports.cancel(REGISTRAR, uploaded.id());
        assertThat(world.count("person")).isZero();
    }

    @Test
    void a_mapping_is_proposed_then_corrected_and_remembered() {
        String content = "nom de naissance;vorname;colonne3\nDiallo;Awa;F\n";
        ImportStatus uploaded = world.upload(content);
        assertThat(uploaded.mapping()).doesNotContainValue("GIVEN_NAME");
        assertThatThrownBy(() -> world.check(uploaded)).hasMessageContaining("Given name");
        Map<Integer, String> mapping = Map.of(0, "FAMILY_NAME", 1, "GIVEN_NAME", 2, "SEX");
        world.registry.checkImport(REGISTRAR, uploaded.id(), mapping, "YEAR_MONTH_DAY", "census 2026");
        world.awaitState(uploaded.id(), ImportStatus.State.CHECKED);
        ImportStatus next = world.upload("Nom de naissance;Vorname;Colonne3\nSow;Oumar;M\n");
        assertThat(next.mapping()).isEqualTo(mapping);
        assertThat(next.source()).isEqualTo("census 2026");
        assertThatThrownBy(() -> world.registry.checkImport(
                        REGISTRAR, next.id(), Map.of(0, "GIVEN_NAME", 1, "GIVEN_NAME"), "YEAR_MONTH_DAY", "x"))
                .hasMessageContaining("two columns");
    }

    @Test
    void a_file_with_more_rows_than_one_chunk_and_one_window_is_accounted_for_row_by_row() {
        List<String> rows = new ArrayList<>(List.of(HEADER));
        for (int i = 0; i < 21_003; i++) {
            rows.add(person(
                    "H" + i / 4,
                    i % 4 == 0 ? "head" : "child",
                    "Given" + i,
                    "Family",
                    "F",
                    "1990-01-01",
                    i % 7 == 0 ? "" : nationalId(i % 20_500)));
        }
        ImportStatus done = world.take(rows.toArray(String[]::new));
        assertThat(done.rowsTotal()).isEqualTo(21_003);
        assertThat(done.rowsImported() + done.rowsRejected()).isEqualTo(21_003);
        assertThat(world.count("person")).isEqualTo(done.rowsCreated());
        long repeated = IntStream.range(20_500, 21_003)
                .filter(i -> i % 7 != 0 && (i - 20_500) % 7 != 0)
                .count();
        assertThat(done.rowsRejected()).isEqualTo(repeated);
    }

    private List<String> codes(ImportStatus file) {
        List<String> codes = new ArrayList<>();
        Keyset.forEach(
                request -> report.page(REGISTRAR, file.id(), request),
                new PageRequest("", false, null, 100, Map.of("outcome", "rejected")),
                line -> codes.add(line.rowNumber() + " "
                        + line.codes().replace("registry.row.", "").toUpperCase(java.util.Locale.ROOT)));
        return codes;
    }
}
