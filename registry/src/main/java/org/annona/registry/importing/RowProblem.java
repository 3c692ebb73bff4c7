package org.annona.registry.importing;

import org.jspecify.annotations.Nullable;

/**
 * Why a row of a file is left out.
 *
 * @param column the meaning of the column at fault, or null where the row as a whole is
 * @param otherRow the row it clashes with, where there is one
 */
record RowProblem(
        @Nullable PersonColumn column, Code code, @Nullable Long otherRow) {

    static RowProblem of(PersonColumn column, Code code) {
        return new RowProblem(column, code, null);
    }

    String sentence() {
        return otherRow == null ? code.sentence : code.sentence.replace("{row}", otherRow.toString());
    }

    /** Stable names; the sentence tells what to do. */
    enum Code {
        NAME_MISSING("There is no name."),
        NAME_UNFIT("The name is longer than 100 characters or holds no letter."),
        CHARACTERS_UNREADABLE("It holds characters that cannot be read. Choose the right encoding of the file."),
        DATE_UNREADABLE("This is no date. Write it as 2001-05-23, or choose the order of day and month."),
        DATE_IMPOSSIBLE("The date lies in the future or more than 125 years ago."),
        SEX_UNKNOWN("Write F, M or X."),
        IDENTIFIER_MALFORMED("The number does not have the form of this identifier."),
        IDENTIFIER_CHECK_DIGIT("The check digit is wrong, so a digit was mistyped."),
        PHONE_UNREADABLE("This is no phone number."),
        EMAIL_UNREADABLE("This is no e-mail address."),
        AREA_UNKNOWN("There is no area with this code. Load the list of areas, or correct the code."),
        AMOUNT_UNREADABLE("This is no amount. Write digits and a point, such as 1250.50."),
        ROLE_UNKNOWN("Write head, spouse, child, parent or other."),
        ROLE_WITHOUT_HOUSEHOLD("A role is given but no household."),
        ACCOUNT_INCOMPLETE("An account needs its kind, its bank or operator and its number."),
        ACCOUNT_UNREADABLE(
                "The account number holds other signs than letters and digits or is too long; that of a wallet is a phone number."),
        TEXT_TOO_LONG("It is longer than 200 characters."),
        COLUMNS_MISSING("The row has fewer columns than the first row of the file."),
        COLUMNS_TOO_MANY(
                "The row has more columns than the first row of the file. A cell with a separator needs quotation marks."),
        SAME_IDENTIFIER_IN_FILE("Row {row} has the same identifier. One of them is a repetition or a mistake."),
        SAME_PERSON_IN_FILE("Row {row} is the same person."),
        SECOND_HEAD("Row {row} already is the head of this household. A household has one."),
        HEAD_CHANGES(
                "The list changes who is head of a registered household, which a list cannot do. All rows of the household are left out; it stays as it was."),
        HOUSEHOLD_HAS_HEAD("Another person is registered as head of this household. Change that first."),
        HOUSEHOLD_WITHOUT_HEAD(
                "The household would have no head, because the row of another one is rejected or missing."),
        IDENTIFIER_MISSING("It has no identifier, and this import takes nobody without one."),
        HOUSEHOLDS_DIFFER(
                "The people of this household are registered elsewhere, in several households or with another head. Decide first which household it is."),
        IDENTIFIER_OF_ANOTHER("The identifier is registered for another person than the one with this number."),
        SPEAKS_OF_ANOTHER(
                "The number is registered for a person with another given name and another birth date. Find out whose it is."),
        PERSON_NOT_ACTIVE("This person is registered as deceased, inactive or merged."),
        TAKEN_MEANWHILE("It clashes with an entry that was made at the same time. Import the row again.");

        private final String sentence;

        Code(String sentence) {
            this.sentence = sentence;
        }

        String code() {
            return "registry.row." + name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
