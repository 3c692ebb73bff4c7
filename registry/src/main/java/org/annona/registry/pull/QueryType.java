package org.annona.registry.pull;

/** In which a source is asked (DCI reference, section 7). */
public enum QueryType {
    GRAPHQL("graphql", "GraphQL"),
    EXPRESSION("expression", "DCI expression"),
    PREDICATE("predicate", "DCI predicate"),
    IDENTIFIERS("idtype-value", "List of identifiers");

    private final String code;
    private final String label;

    QueryType(String code, String label) {
        this.code = code;
        this.label = label;
    }

    /** The query type of the standard. */
    String code() {
        return code;
    }

    public String label() {
        return label;
    }
}
