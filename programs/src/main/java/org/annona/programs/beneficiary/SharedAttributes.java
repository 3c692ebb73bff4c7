package org.annona.programs.beneficiary;

import java.util.List;

/**
 * What can be told of beneficiaries beside what the standard demands of each: the code of the programme, the status, and the
 * date of the enrolment.
 */
final class SharedAttributes {

    /** Whether it may be asked by a person's identifier, which is then repeated in the answer. */
    static final String IDENTIFIER = "identifier";

    static final String PROGRAMME_NAME = "programme_name";
    static final String GROUP = "group";
    static final String BENEFITS = "benefits";

    static final List<String> ALL = List.of(IDENTIFIER, PROGRAMME_NAME, GROUP, BENEFITS);

    private SharedAttributes() {}
}
