package org.annona.registry;

import java.util.List;

/**
 * Something that a sheet may tell of a person.
 *
 * @param name as connectors write it
 * @param label for people
 */
public record PersonField(String name, String label) {

    public static final String REFERENCE = "id";
    public static final String NAME = "name";
    public static final String GIVEN_NAME = "given_name";
    public static final String FAMILY_NAME = "family_name";
    public static final String BIRTH_DATE = "birthdate";
    public static final String GENDER = "gender";
    public static final String ADDRESS = "address";
    public static final String AREA = "area";
    public static final String PHONE = "phone";
    public static final String EMAIL = "email";
    public static final String REGISTRATION_DATE = "registration_date";

    /** All there are. Dates are written as {@code 2001/05/23}, and only where the day is known. */
    public static final List<PersonField> ALL = List.of(
            new PersonField(REFERENCE, "reference of the person"),
            new PersonField(NAME, "whole name"),
            new PersonField(GIVEN_NAME, "given name"),
            new PersonField(FAMILY_NAME, "family name"),
            new PersonField(BIRTH_DATE, "birth date"),
            new PersonField(GENDER, "gender (Female, Male, Other)"),
            new PersonField(ADDRESS, "address line with the names of its areas"),
            new PersonField(AREA, "code of the area"),
            new PersonField(PHONE, "newest phone number"),
            new PersonField(EMAIL, "e-mail"),
            new PersonField(REGISTRATION_DATE, "day of registration"));
}
