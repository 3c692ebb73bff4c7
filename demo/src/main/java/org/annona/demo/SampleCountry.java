package org.annona.demo;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.validator.routines.checkdigit.CheckDigitException;
import org.apache.commons.validator.routines.checkdigit.VerhoeffCheckDigit;

/**
 * Writes a country that does not exist as the two files a user would bring: areas and people. The same number and seed
 * always give the same bytes. 15 % of adults have no national ID, 1.5 % of people stand there twice, and some rows are
 * wrong in ways that files of this world are wrong.
 */
public final class SampleCountry {

    private static final String HEADER =
            "Household No,Role,First Name,Surname,Sex,Date of birth,National ID,Mobile,Area code,Monthly income,"
                    + "Account type,Bank code,Account number,Virtual ID";
    private static final int PROVINCES = 4;
    private static final int DISTRICTS = 5;
    private static final int WARDS = 6;
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 1);

    private final SplittableRandom random;
    private final int people;
    private final List<String> wards = new ArrayList<>();
    private final List<String> repeated = new ArrayList<>();
    private long written;
    private int household;

    private SampleCountry(int people, long seed) {
        this.people = people;
        this.random = new SplittableRandom(seed);
    }

    /** @param rows of people in the file, good and bad ones */
    public record Lists(Path areas, Path people, long rows, int households) {}

    public static Lists write(Path folder, int people, long seed) {
        return new SampleCountry(people, seed).write(folder);
    }

    private Lists write(Path folder) {
        try {
            Files.createDirectories(folder);
            Path areas = folder.resolve("areas.csv");
            Path list = folder.resolve("people.csv");
            try (BufferedWriter out = Files.newBufferedWriter(areas, StandardCharsets.UTF_8)) {
                writeAreas(out);
            }
            try (BufferedWriter out = Files.newBufferedWriter(list, StandardCharsets.UTF_8)) {
                out.write(HEADER + "\n");
                while (written < people) {
                    writeHousehold(out);
                }
                for (String row : repeated) {
                    line(out, row);
                }
            }
            return new Lists(areas, list, written, household);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void writeAreas(BufferedWriter out) throws IOException {
        out.write("code,name,parent\n");
        String[] provinces = {"North", "East", "South", "West"};
        for (int province = 0; province < PROVINCES; province++) {
            String code = provinces[province].substring(0, 1);
            out.write(code + "," + provinces[province] + ",\n");
            for (int district = 1; district <= DISTRICTS; district++) {
                String districtCode = code + "0" + district;
                out.write(districtCode + "," + provinces[province] + " District " + district + "," + code + "\n");
                for (int ward = 1; ward <= WARDS; ward++) {
                    wards.add(districtCode + "-" + ward);
                    out.write(districtCode + "-" + ward + ",Ward " + ward + " of " + districtCode + "," + districtCode
                            + "\n");
                }
            }
        }
    }

    private record Home(String number, String area, String income, SampleNames names, String familyName) {}

    private void writeHousehold(BufferedWriter out) throws IOException {
        household++;
        int size = size();
        SampleNames names = names();
        // Not everybody knows what the family earns; nothing is not the same as zero.
        String income = random.nextInt(100) < 6 ? "" : income(size);
        Home home = new Home(
                "HH" + household,
                wards.get(random.nextInt(wards.size())),
                income,
                names,
                names.family.get(random.nextInt(names.family.size())));
        int headAge = 22 + random.nextInt(55);
        String headPhone = phone(household);
        person(out, home, "head", headAge, headPhone, account(headPhone));
        boolean couple = size > 1 && random.nextInt(100) < 72;
        if (couple) {
            person(out, home, "spouse", Math.max(18, headAge - 8 + random.nextInt(14)), shared(headPhone), ",,");
        }
        for (int i = couple ? 2 : 1; i < size; i++) {
            boolean elder = random.nextInt(100) < 7;
            int age =
                    elder ? headAge + 20 + random.nextInt(15) : random.nextInt(Math.max(2, Math.min(24, headAge - 16)));
            person(out, home, elder ? "parent" : "child", Math.min(age, 104), shared(headPhone), ",,");
        }
        mistakes(out, home);
    }

    /** Mean 4.4, as in the censuses of many of the countries that run such programmes. */
    private int size() {
        int size = 1;
        while (size < 12 && random.nextInt(100) < (size < 4 ? 88 : 62)) {
            size++;
        }
        return size;
    }

    private SampleNames names() {
        int part = random.nextInt(100);
        return part < 55
                ? SampleNames.LATIN
                : part < 70 ? SampleNames.ARABIC : part < 85 ? SampleNames.DEVANAGARI : SampleNames.ETHIOPIC;
    }

    private String income(int size) {
        double perHead = Math.exp(7.2 + 0.75 * gaussian());
        return Long.toString(Math.round(perHead * size / 50) * 50);
    }

    private double gaussian() {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    private static String phone(int number) {
        return String.format("07%08d", 10_000_000 + number);
    }

    private String shared(String headPhone) {
        return random.nextInt(100) < 20 ? headPhone : "";
    }

    private String account(String phone) {
        int part = random.nextInt(100);
        if (part < 70) {
            return "mobile,telco" + (1 + random.nextInt(2)) + "," + phone;
        }
        return part < 98 ? "bank,bank" + (1 + random.nextInt(4)) + "," + (4_000_000_000L + household) : ",,";
    }

    private void person(BufferedWriter out, Home home, String role, int age, String phone, String account)
            throws IOException {
        boolean female = role.equals("spouse") ? random.nextInt(100) < 80 : random.nextInt(2) == 0;
        String born = random.nextInt(100) < 2
                ? ""
                : TODAY.minusYears(age).minusDays(random.nextInt(365)).toString();
        // Children rarely have a number; of adults 15 % have none.
        boolean numbered = age >= 16 && random.nextInt(100) >= 15;
        String row = String.join(
                ",",
                home.number(),
                role,
                home.names().given.get(random.nextInt(home.names().given.size())),
                home.familyName(),
                female ? "F" : "M",
                born,
                numbered ? nationalId(written + 1) : "",
                phone,
                home.area(),
                home.income(),
                account,
                numbered ? virtualId(written + 1) : "");
        line(out, row);
        if (random.nextInt(1000) < 15) {
            repeated.add(twice(row, role));
        }
    }

    /** The same person once more: exactly so, or in another household, as happens when two teams register one village. */
    private String twice(String row, String role) {
        if (role.equals("head") || random.nextInt(2) == 0 || household < 3) {
            return row;
        }
        String[] cells = row.split(",", -1);
        cells[0] = "HH" + (1 + random.nextInt(household - 1));
        cells[1] = "other";
        return String.join(",", cells);
    }

    static String nationalId(long number) {
        String digits = String.format("%011d", 10_000_000_000L + number);
        try {
            return digits + VerhoeffCheckDigit.VERHOEFF_CHECK_DIGIT.calculate(digits);
        } catch (CheckDigitException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** One in four of those with a number asked the identity authority for a virtual ID. */
    private static String virtualId(long number) {
        return number % 4 == 0 ? "2" + String.format("%015d", number * 982_451_653L) : "";
    }

    /** One kind of mistake for each of some households, so that every kind occurs in every country. */
    private void mistakes(BufferedWriter out, Home home) throws IOException {
        String given = home.names().given.getFirst();
        switch (household % 600) {
            case 7 -> bad(out, home, "child", given, "31.02.2019", "", home.area());
            case 107 -> bad(out, home, "child", given, "last spring", "", home.area());
            case 207 -> bad(out, home, "other", given, "1990-05-01", "", "Z99-9");
            case 307 -> bad(out, home, "other", given, "1985-03-04", wrongCheckDigit(), home.area());
            case 407 -> bad(out, home, "head", given, "1979-07-08", "", home.area());
            case 507 -> bad(out, home, "child", "", "2015-01-01", "", home.area());
            default -> {}
        }
    }

    private String wrongCheckDigit() {
        String right = nationalId(90_000_000L + household);
        char last = right.charAt(right.length() - 1);
        return right.substring(0, right.length() - 1) + (last == '9' ? '0' : (char) (last + 1));
    }

    private void bad(BufferedWriter out, Home home, String role, String given, String born, String id, String area)
            throws IOException {
        line(
                out,
                String.join(
                        ",",
                        home.number(),
                        role,
                        given,
                        home.familyName(),
                        "F",
                        born,
                        id,
                        "",
                        area,
                        home.income(),
                        ",,",
                        ""));
    }

    private void line(BufferedWriter out, String row) throws IOException {
        out.write(row);
        out.write('\n');
        written++;
    }
}
