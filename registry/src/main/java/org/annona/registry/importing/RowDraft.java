package org.annona.registry.importing;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row whose every cell was understood. Lives in memory and sealed, nowhere else; sealed without the names of its parts. */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
record RowDraft(
        @Nullable String personNo,
        @Nullable String householdNo,
        String role,
        String givenName,
        String familyName,
        @Nullable String sex,
        @Nullable LocalDate birthDate,
        String birthPrecision,
        @Nullable String nationalId,
        @Nullable String virtualId,
        @Nullable String phone,
        @Nullable String email,
        @Nullable UUID areaId,
        @Nullable String address,
        @Nullable Long householdIncomeMinor,
        @Nullable String accountScheme,
        @Nullable String accountProvider,
        @Nullable String accountNumber) {

    boolean isHead() {
        return householdNo != null && role.equals("head");
    }

    /** Everything a source says of a person, in a fixed order, to tell whether it says the same again. */
    String content() {
        return String.join(
                "\u001f",
                String.valueOf(personNo),
                String.valueOf(householdNo),
                role,
                givenName,
                familyName,
                String.valueOf(sex),
                String.valueOf(birthDate),
                birthPrecision,
                String.valueOf(nationalId),
                String.valueOf(virtualId),
                String.valueOf(phone),
                String.valueOf(email),
                String.valueOf(areaId),
                String.valueOf(address),
                String.valueOf(householdIncomeMinor),
                String.valueOf(accountScheme),
                String.valueOf(accountProvider),
                String.valueOf(accountNumber));
    }

    @Override
    public String toString() {
        return "RowDraft[sealed]";
    }
}
