package org.annona.programs.population;

import java.util.Arrays;
import java.util.Currency;
import java.util.Locale;
import org.annona.foundation.criteria.Catalogue;
import org.annona.foundation.ids.PublicReference;

/** Who is assessed, enrolled and receives the benefit of a programme. */
public enum SubjectKind {
    HOUSEHOLD("household", "households", 'H'),
    PERSON("person", "people", 'P');

    private final String word;
    private final String plural;
    private final char letter;

    SubjectKind(String word, String plural, char letter) {
        this.word = word;
        this.plural = plural;
        this.letter = letter;
    }

    public String word() {
        return word;
    }

    public String plural() {
        return plural;
    }

    /** How a sentence begins that goes on with a rule. */
    public String who() {
        return this == HOUSEHOLD ? "Households of which" : "People where";
    }

    /** The reference of a subject of any kind in its usual spelling; one that nobody has, where the text is none. */
    public static String reference(String typed) {
        return Arrays.stream(values())
                .flatMap(kind -> PublicReference.read(kind.letter, typed).stream())
                .findFirst()
                .orElse("none");
    }

    /** As it is stored and sent. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static SubjectKind of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /** What the rules of a programme for such subjects may ask. */
    public Catalogue catalogue(Currency currency) {
        return switch (this) {
            case HOUSEHOLD -> HouseholdCatalogue.in(currency);
            case PERSON -> PersonCatalogue.in(currency);
        };
    }
}
