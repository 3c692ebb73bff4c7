package org.annona.programs;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Port to the registry that knows which person an identifier belongs to. One that does not answer throws; it never says "nobody". */
public interface PersonDirectory {

    /** @param type by the names of the standard, such as {@code UIN} */
    record Identifier(String type, String value) {

        @Override
        public String toString() {
            return "Identifier[" + type + "]";
        }
    }

    /** The types that can be looked up, by the names of the standard. */
    List<String> types();

    /** Whether {@link #identifiersOf} can be answered: a directory in another installation tells no numbers of people. */
    boolean tellsIdentifiers();

    /** The types of {@link #identifiersOf}. */
    List<String> toldTypes();

    /**
     * Identifiers in force; people without any are missing.
     *
     * @param alsoDeceased whether those of people who died are told too, as {@link #find} knows them
     */
    Map<UUID, List<Identifier>> identifiersOf(Collection<UUID> people, boolean alsoDeceased);

    /** @return one answer for each identifier, in their order */
    List<Optional<UUID>> find(List<Identifier> identifiers);

    /**
     * A person as the users who decide may see that person: masked, never in clear.
     *
     * @param birthYear in words where it is not known
     */
    record Described(String ref, String name, String birthYear, List<MaskedIdentifier> identifiers) {
        public Described {
            identifiers = List.copyOf(identifiers);
        }

        /** The last signs of the identifier that was asked for under this type; empty where there is none now. */
        public String masked(String type) {
            return identifiers.stream()
                    .filter(one -> one.type().equalsIgnoreCase(type))
                    .map(MaskedIdentifier::value)
                    .findFirst()
                    .orElse("");
        }
    }

    /** @param value its last signs */
    record MaskedIdentifier(String label, String type, String value, String status) {}

    /** Masked names, for those who decide about these people; empty where the directory tells no names. */
    Map<UUID, String> maskedNames(Collection<UUID> people);

    /** @return empty where no person is known under the key, and where the directory tells no names */
    Optional<Described> describe(UUID person);
}
