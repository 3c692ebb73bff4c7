package org.annona.registry.identifier;

import static org.annona.registry.internal.tables.Tables.IDENTIFIER_TYPE;

import java.util.List;
import java.util.regex.Pattern;
import org.annona.foundation.database.Database;

/** The kinds of identifiers that this registry knows. */
public final class IdentifierTypes {

    public static final String NATIONAL_ID = "national_id";

    private final Database database;

    public IdentifierTypes(Database database) {
        this.database = database;
    }

    public List<IdentifierType> all() {
        return database.sql()
                .selectFrom(IDENTIFIER_TYPE)
                .orderBy(IDENTIFIER_TYPE.CODE)
                .fetch(row -> new IdentifierType(
                        row.getCode(), row.getLabel(), Pattern.compile(row.getPattern()), row.getCheckDigit()));
    }

    public IdentifierType nationalId() {
        return all().stream()
                .filter(type -> type.code().equals(NATIONAL_ID))
                .findFirst()
                .orElseThrow();
    }
}
