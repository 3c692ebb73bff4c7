package org.annona.interop.record;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The registries of the standard, each with a vocabulary of its own (DCI reference R13.1, R13.2). */
public enum RegistryKind {
    SOCIAL("social", "Social", "SRPerson"),
    IBR("ibr", "IBR", "IBRPerson"),
    CRVS("crvs", "Civil", "CRVSPerson"),
    DR("dr", "DR", "DRPerson"),
    FR("fr", "FR", "FRPerson");

    private static final String SCHEMA = "https://schema.spdci.org/";

    private final String extension;
    private final String name;
    private final String person;

    RegistryKind(String extension, String name, String person) {
        this.extension = extension;
        this.name = name;
        this.person = person;
    }

    /** As {@code reg_type} names it. */
    public String type() {
        return "ns:org:RegistryType:" + name;
    }

    /** The class of a person here. */
    String person() {
        return person;
    }

    /** Inline, because the published files are no contexts. */
    ObjectNode context() {
        return JsonMapper.shared()
                .createObjectNode()
                .put("@vocab", SCHEMA + "extensions/" + extension + "/v1/data/")
                .put("core", SCHEMA + "core/v1/data/")
                .put("code", SCHEMA + "core/v1/code/")
                .put("xsd", "http://www.w3.org/2001/XMLSchema#");
    }
}
