package org.annona.registry.social;

import java.util.List;

/** What can be told of people and households at all; a partner may know some of it. */
final class SharedAttributes {

    static final String IDENTIFIER = "identifier";
    static final String NAME = "name";
    static final String SEX = "sex";
    static final String BIRTH_DATE = "birth_date";
    static final String DEATH_DATE = "death_date";
    static final String PHONE_NUMBER = "phone_number";
    static final String EMAIL = "email";
    static final String REGISTRATION_DATE = "registration_date";
    static final String LAST_UPDATED = "last_updated";
    static final String PLACE = "place";
    static final String GROUP_SIZE = "group_size";
    static final String GROUP_HEAD = "group_head";
    static final String MEMBERS = "members";

    static final List<String> ALL = List.of(
            IDENTIFIER,
            NAME,
            SEX,
            BIRTH_DATE,
            DEATH_DATE,
            PHONE_NUMBER,
            EMAIL,
            REGISTRATION_DATE,
            LAST_UPDATED,
            PLACE,
            GROUP_SIZE,
            GROUP_HEAD,
            MEMBERS);

    private SharedAttributes() {}
}
