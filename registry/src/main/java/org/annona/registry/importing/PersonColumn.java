package org.annona.registry.importing;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a column of a list of people may hold. The names it is commonly given stand with it, without case, accents and signs. */
public enum PersonColumn {
    PERSON_NO("Number of the person in the source", false, "personno", "personid", "registrantid", "recordid"),
    HOUSEHOLD_NO(
            "Number of the household",
            false,
            "householdno",
            "householdid",
            "hhid",
            "hhno",
            "household",
            "groupid",
            "familyno",
            "foyer"),
    ROLE("Role in the household", false, "role", "relationship", "relation", "relationtohead", "lien"),
    GIVEN_NAME("Given name", true, "givenname", "firstname", "forename", "prenom", "nombre"),
    FAMILY_NAME("Family name", false, "familyname", "surname", "lastname", "fathersname", "nom", "apellido"),
    SEX("Sex", false, "sex", "gender", "sexe", "genero"),
    BIRTH_DATE("Birth date", false, "birthdate", "dateofbirth", "dob", "born", "datedenaissance"),
    NATIONAL_ID("National ID", false, "nationalid", "nationalidnumber", "nin", "idnumber", "nid", "cni"),
    VIRTUAL_ID("Virtual ID of the identity authority", false, "virtualid", "vid", "mosipvid"),
    PHONE("Phone", false, "phone", "phonenumber", "mobile", "mobilenumber", "telephone", "msisdn"),
    EMAIL("E-mail", false, "email", "emailaddress", "mail"),
    AREA("Code of the area", false, "area", "areacode", "districtcode", "district", "locationcode", "admincode"),
    ADDRESS("Address line", false, "address", "addressline", "street", "adresse"),
    HOUSEHOLD_INCOME(
            "Monthly income of the household", false, "householdincome", "monthlyincome", "income", "hhincome"),
    ACCOUNT_SCHEME("Kind of account (bank or mobile)", false, "accounttype", "accountscheme", "paymentmethod"),
    ACCOUNT_PROVIDER("Code of bank or operator", false, "accountprovider", "bankcode", "provider", "operator", "bank"),
    ACCOUNT_NUMBER("Account number", false, "accountnumber", "account", "accountno", "wallet", "iban");

    private final String label;
    private final boolean required;
    private final Set<String> synonyms;

    PersonColumn(String label, boolean required, String... synonyms) {
        this.label = label;
        this.required = required;
        this.synonyms = Set.copyOf(List.of(synonyms));
    }

    public String label() {
        return label;
    }

    public boolean required() {
        return required;
    }

    boolean isCalled(String header) {
        String plain = Normalizer.normalize(header, Normalizer.Form.NFD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\d]", "");
        return plain.equals(name().toLowerCase(Locale.ROOT).replace("_", "")) || synonyms.contains(plain);
    }
}
