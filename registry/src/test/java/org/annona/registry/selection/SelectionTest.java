package org.annona.registry.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;
import org.annona.foundation.criteria.odoo.DomainReader.Dialect;
import org.annona.foundation.criteria.odoo.DomainRefused;
import org.annona.foundation.problem.Problem;
import org.annona.registry.PeopleFilter;
import org.annona.registry.PersonExtract;
import org.annona.registry.RegistryWorld;
import org.annona.registry.SelectedPerson;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Domains in Odoo's syntax over the people of this registry. */
class SelectionTest {

    private static final String HEADER =
            "household_no,role,given_name,family_name,sex,birth_date,national_id,vid,phone,email,area_code,address";
    private static final RegistryWorld WORLD = new RegistryWorld();
    private static final Selection SELECTION =
            new Selection(WORLD.database, WORLD.keys, WORLD.types, WORLD.settings, WORLD.clock);

    @BeforeAll
    static void people() {
        WORLD.take(
                HEADER,
                "H1,head,Asha,Devi,F,1976-01-01," + RegistryWorld.nationalId(1)
                        + ",2014391641351201,0712345678,asha@example.org,N01,12 Main St",
                "H1,child,Bela,Devi,F,2020-02-03,,2014391641351202,,,N01,",
                "H2,head,Chand,Rao,M,1950,,2014391641351203,,,S01,",
                "H3,head,Dev,Rao,M,1990-05-06," + RegistryWorld.nationalId(2) + ",,,,S,",
                "H4,head,Esha,Rao,,,,2014391641351205,,,,");
    }

    @AfterAll
    static void close() {
        WORLD.close();
    }

    private static PeopleFilter filter(String domain) {
        return new PeopleFilter(domain, Dialect.ODOO_17, "virtual_id");
    }

    /** Of the four with a virtual ID. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "[]~4",
                "[['gender','=','Female']]~2",
                "[['gender','!=','Female']]~2",
                "[['gender','=',False]]~1",
                "[['age','>=',18]]~2",
                "[['birthdate','<','2000-01-01']]~1",
                "[['birthdate_not_exact','=',True]]~1",
                "[['is_registrant','=',True],['is_group','=',False]]~4",
                "[['is_group','=',True]]~0",
                "[['active','=',False]]~0",
                "[['area','child_of','N']]~2",
                "[['area','=','Aruba District']]~2",
                "[['district','child_of',['N01','S']]]~3",
                "[['reg_ids.id_type','=','National ID']]~1",
                "[['reg_ids.id_type','=like','MOSIP VID'],'!',['reg_ids.id_type','=like','MOSIP UIN TOKEN']]~4",
                "['!',['reg_ids.id_type','=','National ID']]~3",
                "[['reg_ids','any',[['id_type','=','MOSIP VID'],['value','=','2014391641351203']]]]~1",
                "[['reg_ids.value','in',['2014391641351203','2014391641351201','x']]]~2",
                "[['phone_number_ids.phone_no','=','0712 345 678']]~1",
                "[['phone_number_ids','=',False]]~3",
                "[['individual_membership_ids.kind','=','Head']]~3",
                "[['individual_membership_ids.group.district','child_of','S']]~1",
                "[['create_date','>','2020-01-01'],['registration_date','>=','2020-01-01']]~4",
            })
    void a_domain_selects(String domain, long expected) {
        assertThat(SELECTION.count(filter(domain))).isEqualTo(expected);
        assertThat(SELECTION.page(filter(domain), null, 100)).hasSize((int) expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "[['name','ilike','a']]~sealed",
                "[['income','<',10]]~does not keep it",
                "[['wallet','=',1]]~no field 'wallet'",
                "[['reg_ids','=','Asha']]~reg_ids.value",
                "[['reg_ids.value','like','2014']]~exact value",
                "[['age','<','18']]~whole number",
                "[['area','child_of','Nowhere']]~no such area",
                "[['gender','=']]~three parts",
            })
    void what_cannot_be_asked_is_refused_and_selects_nobody(String domain, String reason) {
        assertThatThrownBy(() -> SELECTION.read(domain, Dialect.ODOO_17))
                .isInstanceOf(DomainRefused.class)
                .hasMessageContaining(reason);
        assertThatThrownBy(() -> SELECTION.page(filter(domain), null, 10))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(reason);
    }

    @Test
    void pages_follow_each_other_without_gap_or_repetition() {
        SelectedPerson first = SELECTION.page(filter("[]"), null, 1).getFirst();
        List<SelectedPerson> rest = SELECTION.page(filter("[]"), first.id(), 10);
        assertThat(rest).hasSize(3).doesNotContain(first);
    }

    private static PersonExtract sheet(String vid, String... fields) {
        PeopleFilter filter = filter("[['reg_ids.value','=','" + vid + "']]");
        List<UUID> ids = SELECTION.page(filter, null, 10).stream()
                .map(SelectedPerson::id)
                .toList();
        return SELECTION.sheets(filter, ids, List.of(fields), "identity-token").getFirst();
    }

    @Test
    void a_sheet_tells_what_was_asked_for_and_nothing_else() {
        PersonExtract asha =
                sheet("2014391641351201", "given_name", "birthdate", "gender", "address", "phone", "email");
        assertThat(asha.identifier()).isEqualTo("2014391641351201");
        assertThat(asha.values())
                .containsOnly(
                        java.util.Map.entry("given_name", "Asha"),
                        java.util.Map.entry("birthdate", "1976/01/01"),
                        java.util.Map.entry("gender", "Female"),
                        java.util.Map.entry("address", "12 Main St, Aruba District, North"),
                        java.util.Map.entry("phone", "+254712345678"),
                        java.util.Map.entry("email", "asha@example.org"));
        assertThat(asha.toString()).doesNotContain("Asha").doesNotContain("2014391641351201");
        // A guessed birth date is not told.
        assertThat(sheet("2014391641351203", "birthdate", "gender").values()).containsOnlyKeys("gender");
        assertThat(sheet("2014391641351205", "birthdate", "gender", "address").values())
                .isEmpty();
    }

    @Test
    void the_version_changes_with_the_address_of_the_household() {
        PersonExtract before = sheet("2014391641351202", "address");
        WORLD.take(
                HEADER,
                "H1,head,Asha,Devi,F,1976-01-01," + RegistryWorld.nationalId(1)
                        + ",2014391641351201,0712345678,asha@example.org,N01,14 Main St");
        PersonExtract after = sheet("2014391641351202", "address");
        assertThat(after.person().version()).isNotEqualTo(before.person().version());
        WORLD.take(
                HEADER,
                "H1,head,Asha,Devi,F,1976-01-01," + RegistryWorld.nationalId(1)
                        + ",2014391641351201,0712345678,asha@example.org,N01,12 Main St");
    }

    @Test
    void someone_who_is_selected_no_more_gets_no_sheet() {
        List<UUID> ids = SELECTION.page(filter("[]"), null, 10).stream()
                .map(SelectedPerson::id)
                .toList();
        assertThat(SELECTION.sheets(filter("[['gender','=','Male']]"), ids, List.of("name"), "x"))
                .hasSize(1);
    }
}
