package org.annona.registry.source;

import graphql.ParseAndValidate;
import graphql.introspection.IntrospectionQuery;
import graphql.introspection.IntrospectionResultToSchema;
import graphql.language.Document;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLTypeUtil;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.UnExecutableSchemaGenerator;
import graphql.validation.ValidationError;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What a source holds, as it tells itself (GraphQL, section 4, Introspection). */
public final class SourceSchema {

    private final GraphQLSchema schema;

    private SourceSchema(GraphQLSchema schema) {
        this.schema = schema;
    }

    /** Whether a source tells its schema. */
    public sealed interface SharedAttributes {}

    /** It does. */
    public record Known(SourceSchema schema) implements SharedAttributes {}

    /** It does not, which is its right. */
    public record Untold(String reason) implements SharedAttributes {}

    public static SharedAttributes fetch(SourceClient client) {
        return switch (client.ask(IntrospectionQuery.INTROSPECTION_QUERY)) {
            case SourceAnswer.Data data -> read(data);
            case SourceAnswer.RowFault(String reason) -> new Untold(reason);
            case SourceAnswer.Garbled(String reason) -> new Untold(reason);
            case SourceAnswer.Passing(String reason, var after) -> new Untold(reason);
            case SourceAnswer.Refused(String reason) -> new Untold(reason);
        };
    }

    @SuppressWarnings("unchecked")
    private static SharedAttributes read(SourceAnswer.Data data) {
        try {
            Map<String, Object> told = JsonMapper.shared().treeToValue(data.records(), Map.class);
            Document document = new IntrospectionResultToSchema().createSchemaDefinition(told);
            return new Known(new SourceSchema(
                    UnExecutableSchemaGenerator.makeUnExecutableSchema(new SchemaParser().buildRegistry(document))));
        } catch (RuntimeException unreadable) {
            return new Untold("what it tells of itself cannot be read");
        }
    }

    /** The fields that hold lists of records. */
    List<String> lists() {
        return schema.getQueryType().getFieldDefinitions().stream()
                .filter(field -> GraphQLTypeUtil.isList(GraphQLTypeUtil.unwrapNonNull(field.getType())))
                .map(field -> field.getName())
                .sorted()
                .toList();
    }

    /** In words, what of a query the source would not understand. */
    public List<String> faults(Document query) {
        return ParseAndValidate.validate(schema, query, Locale.ENGLISH).stream()
                .map(ValidationError::getMessage)
                .distinct()
                .toList();
    }
}
