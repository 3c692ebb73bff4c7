package org.annona.registry.identifier;

import static org.annona.registry.internal.tables.Tables.IDENTIFIER_TYPE;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.annona.foundation.database.Database;

/** The kinds of identifiers that this registry knows. */
public final class IdentifierTypes {

    public static final String NATIONAL_ID = "national_id";

    /** Given by the identity authority for a while; the person may ask for another one. */
    public static final String VIRTUAL_ID = "virtual_id";

    private final Database database;

    public IdentifierTypes(Database database) {
        this.database = database;
    }

    public List<IdentifierType> all() {
        return database.sql()
                .selectFrom(IDENTIFIER_TYPE)
                .orderBy(IDENTIFIER_TYPE.CODE)
                .fetch(row -> new IdentifierType(
                        row.getCode(),
                        row.getLabel(),
                        Pattern.compile(row.getPattern()),
                        row.getCheckDigit(),
                        row.getAsWritten()));
    }

    public Map<String, IdentifierType> byCode() {
        return all().stream().collect(Collectors.toMap(IdentifierType::code, Function.identity()));
    }
}
