package org.annona.registry.identifier;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.annona.foundation.sealing.BlindIndex;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.Sealer;

/** The registry's sealing and its blind indexes: one place that knows which value is bound to which column. */
public final class RegistryKeys {

    public static final String NAME = "registry.person.name_sealed";
    public static final String EMAIL = "registry.person.email_sealed";
    public static final String IDENTIFIER = "registry.identifier.value_sealed";
    public static final String PHONE = "registry.phone.value_sealed";
    public static final String ACCOUNT = "registry.account.number_sealed";
    public static final String ADDRESS = "registry.household.address_sealed";
    public static final String IMPORT_ROW = "registry.import_row.payload_sealed";
    public static final String IMPORT_PIECE = "registry.import_piece.content";
    public static final String PULL_TERMS = "registry.pull.terms_sealed";
    public static final String PULL_LIST = "registry.pull_list.sealed";
    public static final String SOURCE_SECRET = "registry.data_source.secret_sealed";

    private final Sealer sealer;
    private final BlindIndex index;

    public RegistryKeys(Keyring keyring) {
        this.sealer = keyring.sealer("registry");
        this.index = keyring.blindIndex("registry");
    }

    public byte[] seal(String column, Object row, String value) {
        return sealer.seal(column, row, value);
    }

    public byte[] seal(String column, Object row, byte[] value) {
        return sealer.seal(column, row, value);
    }

    public String openText(String column, Object row, byte[] sealed) {
        return sealer.openText(column, row, sealed);
    }

    public byte[] open(String column, Object row, byte[] sealed) {
        return sealer.open(column, row, sealed);
    }

    public byte[] identifierIndex(String type, String normalised) {
        return index.of("identifier " + type, normalised);
    }

    public byte[] phoneIndex(String e164) {
        return index.of("phone", e164);
    }

    public byte[] accountIndex(String provider, String number) {
        return index.of("account " + provider, number);
    }

    /** For the number under which a source keeps a person or household. */
    public byte[] sourceIndex(String kind, String number) {
        return index.of("source " + kind, number);
    }

    public long nameToken(String word) {
        return index.token("name word", word);
    }

    public Long[] nameTokens(String... names) {
        return words(names).map(this::nameToken).distinct().sorted().toArray(Long[]::new);
    }

    /** Equal for entries whose name words, birth date and sex are equal, in whatever order the words stand. */
    public byte[] likeness(String givenName, String familyName, String birthDate, String sex) {
        List<String> words = words(givenName, familyName).sorted().toList();
        return index.of("likeness", String.join(" ", words) + "|" + birthDate + "|" + sex);
    }

    public byte[] contentMac(String content) {
        return index.of("content", content);
    }

    public static String row(UUID importId, long rowNumber) {
        return importId + "/" + rowNumber;
    }

    private static Stream<String> words(String... names) {
        return Stream.of(names).flatMap(name -> NameWords.of(name).stream());
    }
}
