package org.annona.registry.pull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.annona.registry.importing.PersonColumn;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is fetched, and what becomes of it.
 *
 * @param households whether the records are households with members, and not people
 * @param question of GraphQL its own arguments stay as filters, of its fields only those are asked for that the mapping uses
 * @param members the list of members within a record; empty for people
 * @param head where the member stands who is the head, once more or alone; empty where roles tell
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
        PullQuestion question,
        String members,
        String head,
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
    public static PullTerms preset(boolean households, QueryType language) {
        return language == QueryType.GRAPHQL ? ofGraph(households) : ofStandard(households, language);
    }

    private static PullTerms ofGraph(boolean households) {
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
                PullQuestion.graphql(households ? HOUSEHOLDS : PEOPLE),
                households ? "groupMembershipIds" : "",
                "",
                columns,
                Map.of("Principal Recipient", "head"),
                true,
                20,
                0,
                "",
                "");
    }

    /** DCI reference, section 13.1: members, and groups of them. */
    private static PullTerms ofStandard(boolean households, QueryType language) {
        String member = households ? "member." : "";
        String person = member + "demographic_info.";
        Map<PersonColumn, String> columns = new LinkedHashMap<>();
        columns.put(PersonColumn.GIVEN_NAME, person + "name.given_name");
        columns.put(PersonColumn.FAMILY_NAME, person + "name.surname");
        columns.put(PersonColumn.SEX, person + "sex");
        columns.put(PersonColumn.BIRTH_DATE, person + "birth_date");
        columns.put(PersonColumn.NATIONAL_ID, member + "member_identifier[identifier_type=UIN].identifier_value");
        columns.put(PersonColumn.PHONE, person + "phone_number");
        if (households) {
            columns.put(PersonColumn.HOUSEHOLD_NO, "group_identifier.identifier_value");
        }
        PullQuestion question = new PullQuestion(
                language,
                switch (language) {
                    case EXPRESSION -> EXPRESSION;
                    case PREDICATE -> PREDICATE;
                    case GRAPHQL, IDENTIFIERS -> "";
                },
                "ns:org:RegistryType:Social",
                households ? "Group" : "Member",
                language == QueryType.IDENTIFIERS ? "UIN" : "",
                null,
                0);
        return new PullTerms(
                households,
                question,
                households ? "member_list" : "",
                households ? "group_head_info" : "",
                columns,
                Map.of(),
                true,
                20,
                0,
                "",
                "");
    }

    private static final String EXPRESSION = """
            {
              "registration_date": {"$ge": "2000-01-01T00:00:00Z"}
            }""";

    private static final String PREDICATE = """
            [
              {
                "seq_num": 1,
                "expression1": {
                  "attribute_name": "registration_date",
                  "operator": "ge",
                  "attribute_value": "2000-01-01T00:00:00Z"
                }
              }
            ]""";

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

    /** As text, to be sealed: a query may name people. */
    String written() {
        return JsonMapper.shared().writeValueAsString(this);
    }

    static PullTerms read(String written) {
        return Objects.requireNonNull(JsonMapper.shared().readValue(written, PullTerms.class));
    }

    PullTerms withList(@Nullable UUID kept, int count) {
        return new PullTerms(
                households,
                question.withList(kept, count),
                members,
                head,
                columns,
                roles,
                withoutIdentifier,
                goesOnBelow,
                intervalMinutes,
                programme,
                purpose);
    }

    /** The columns of the list that comes of it, in order: those of the mapping, and the numbers that it is matched by. */
    public List<PersonColumn> listed() {
        return List.of(PersonColumn.values()).stream()
                .filter(column -> columns.containsKey(column)
                        || column == PersonColumn.PERSON_NO
                        || households && (column == PersonColumn.HOUSEHOLD_NO || column == PersonColumn.ROLE))
                .toList();
    }
}
