package org.annona.registry.pull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.annona.registry.importing.PersonColumn;
import org.jspecify.annotations.Nullable;

/**
 * What is fetched, and what becomes of it.
 *
 * @param households whether the records are households with members, and not people
 * @param query GraphQL; its own arguments stay as filters, of its fields only those are asked for that the mapping uses
 * @param members the list of members within a record; empty for people
 * @param columns where each value stands; of a member its path begins with {@code member.}
 * @param roles the source's word for a role, and ours
 * @param withoutIdentifier whether people without an identifier are taken too
 * @param goesOnBelow a run is written without a person's look while no more than this share (percent) changes; null where
 *     somebody confirms each
 * @param intervalMinutes from the beginning of a run to the next; 0 where people start it
 * @param programme the code of the one to which households are brought as applicants; empty for none
 * @param purpose why, and on what ground, it is written down with each run
 */
public record PullTerms(
        boolean households,
        String query,
        String members,
        Map<PersonColumn, String> columns,
        Map<String, String> roles,
        boolean withoutIdentifier,
        @Nullable Integer goesOnBelow,
        int intervalMinutes,
        String programme,
        String purpose) {

    public PullTerms {
        columns = new LinkedHashMap<>(columns);
        roles = new LinkedHashMap<>(roles);
    }

    /** As it fits the deployed registries. */
    public static PullTerms preset(boolean households) {
        String person = households ? "member.individual." : "";
        Map<PersonColumn, String> columns = new LinkedHashMap<>();
        columns.put(PersonColumn.GIVEN_NAME, person + "givenName");
        columns.put(PersonColumn.FAMILY_NAME, person + "familyName");
        columns.put(PersonColumn.SEX, person + "gender");
        columns.put(PersonColumn.BIRTH_DATE, person + "birthdate");
        columns.put(PersonColumn.NATIONAL_ID, person + "regIds[idTypeAsStr=National ID].value");
        columns.put(PersonColumn.PHONE, person + "phoneNumberIds.phoneNo");
        if (households) {
            columns.put(PersonColumn.HOUSEHOLD_NO, "regIds[idTypeAsStr=Household ID].value");
            columns.put(PersonColumn.ROLE, "member.kind.name");
        }
        return new PullTerms(
                households,
                households ? HOUSEHOLDS : PEOPLE,
                households ? "groupMembershipIds" : "",
                columns,
                Map.of("Principal Recipient", "head"),
                true,
                20,
                0,
                "",
                "");
    }

    private static final String PEOPLE = """
            {
              getRegistrants {
                givenName familyName gender birthdate
                regIds { idTypeAsStr value }
                phoneNumberIds { phoneNo }
              }
            }""";

    private static final String HOUSEHOLDS = """
            {
              getRegistrants {
                regIds { idTypeAsStr value }
                groupMembershipIds {
                  kind { name }
                  individual {
                    givenName familyName gender birthdate
                    regIds { idTypeAsStr value }
                    phoneNumberIds { phoneNo }
                  }
                }
              }
            }""";

    /** The columns of the list that comes of it, in order: those of the mapping, and the numbers that it is matched by. */
    public List<PersonColumn> listed() {
        return List.of(PersonColumn.values()).stream()
                .filter(column -> columns.containsKey(column)
                        || column == PersonColumn.PERSON_NO
                        || households && (column == PersonColumn.HOUSEHOLD_NO || column == PersonColumn.ROLE))
                .toList();
    }
}
