package org.annona.access;

import static org.annona.access.internal.tables.Tables.KNOWN_PLACE;
import static org.annona.access.internal.tables.Tables.LOGIN_FAILURE;
import static org.annona.access.internal.tables.Tables.LOGIN_FAILURE_HOUR;
import static org.annona.access.internal.tables.Tables.USER_ACCOUNT;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.sealing.BlindIndex;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Slows down guessing without giving anybody the power to lock others out. Failures count for a name together with an
 * address, or with a device where the user signed in before. What is tried with a name from all over, and from an address with
 * all names, costs a short wait besides, from which devices and addresses where the user signed in before are free. Counted in
 * the database, so that all processes count together; never in more rows than {@value #MOST_ROWS}.
 */
final class LoginThrottle {

    static final int PER_PAIR = 5;
    static final int PER_NAME = 50;
    static final int PER_ADDRESS = 30;
    static final int MOST_ROWS = 50_000;
    static final int MOST_AUDITED_AN_HOUR = 300;
    /** The name of a stranger in the audit trail. */
    static final String STRANGER = "stranger";

    private static final Duration FORGET_AFTER = Duration.ofHours(1);
    private static final Duration FORGET_PLACE_AFTER = Duration.ofDays(400);
    private static final int MOST_PLACES = 30;
    private static final SqlFile NOTE_FAILURE = SqlFile.beside(LoginThrottle.class, "note-failure.sql");
    private static final SqlFile COUNT_FAILURE = SqlFile.beside(LoginThrottle.class, "count-failure.sql");

    private final Database database;
    private final BlindIndex index;
    private final Devices devices;
    private final Clock clock;
    private final int mostRows;
    private final AuditTrail audit = new AuditTrail("access");

    LoginThrottle(Database database, BlindIndex index, Devices devices, Clock clock, int mostRows) {
        this.database = database;
        this.index = index;
        this.devices = devices;
        this.clock = clock;
        this.mostRows = mostRows;
    }

    /** In the order in which their rows are locked. */
    enum Kind {
        PAIR(PER_PAIR, Duration.ofSeconds(30), Duration.ofMinutes(15)),
        DEVICE(PER_PAIR, Duration.ofSeconds(30), Duration.ofMinutes(15)),
        NAME(PER_NAME, Duration.ofSeconds(15), Duration.ofMinutes(2)),
        ADDRESS(PER_ADDRESS, Duration.ofSeconds(15), Duration.ofMinutes(2)),
        /** All for which no row is left. */
        OTHERS(PER_ADDRESS, Duration.ofSeconds(15), Duration.ofMinutes(2));

        private final int limit;
        private final Duration shortest;
        private final Duration longest;

        Kind(int limit, Duration shortest, Duration longest) {
            this.limit = limit;
            this.shortest = shortest;
            this.longest = longest;
        }

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One attempt, and what is known of it before the password is looked at.
     *
     * @param user null where nobody has this name
     * @param known the user signed in there before
     * @param lifted an administrator let the user in a moment ago
     */
    record Attempt(
            String name,
            @Nullable String user,
            String address,
            @Nullable String device,
            boolean known,
            boolean lifted) {}

    private record Source(
            Kind kind,
            byte[] key,
            @Nullable String user,
            @Nullable String address) {}

    private record Noted(Kind kind, int failures, @Nullable Instant blockedUntil) {}

    Attempt attempt(String typedName, SignInPlace place) {
        String name = Users.normalised(typedName);
        Instant now = clock.instant();
        var account = database.sql()
                .select(
                        USER_ACCOUNT.KNOWN_SINCE,
                        USER_ACCOUNT.LIFTED_UNTIL,
                        DSL.field(DSL.exists(DSL.selectOne()
                                .from(KNOWN_PLACE)
                                .where(KNOWN_PLACE.USER_NAME.eq(USER_ACCOUNT.NAME))
                                .and(KNOWN_PLACE.PLACE.eq(placeIndex(place.address()))))))
                .from(USER_ACCOUNT)
                .where(USER_ACCOUNT.NAME.eq(name))
                .fetchOne();
        if (account == null) {
            return new Attempt(name, null, place.address(), null, false, false);
        }
        String device = devices.idFor(place.device(), name, account.value1()).orElse(null);
        boolean lifted = account.value2() != null && account.value2().isAfter(now);
        return new Attempt(name, name, place.address(), device, device != null || account.value3(), lifted);
    }

    /** Until when this is not even looked at. */
    Optional<Instant> blockedUntil(Attempt attempt) {
        List<byte[]> keys = new ArrayList<>();
        if (attempt.known() || attempt.lifted()) {
            keys.add(lane(attempt).key());
        } else {
            sources(attempt).forEach(source -> keys.add(source.key()));
            keys.add(others().key());
        }
        return database.sql()
                .select(DSL.max(LOGIN_FAILURE.BLOCKED_UNTIL))
                .from(LOGIN_FAILURE)
                .where(LOGIN_FAILURE.SOURCE.in(keys))
                .and(LOGIN_FAILURE.BLOCKED_UNTIL.gt(clock.instant()))
                .fetchOptional()
                .map(row -> row.value1());
    }

    void noteFailure(Attempt attempt) {
        database.transact(tx -> {
            List<Noted> all = new ArrayList<>();
            boolean left = true;
            for (Source source : sources(attempt)) {
                Noted noted = note(tx, source, attempt.known());
                if (noted != null) {
                    all.add(noted);
                }
                left &= noted != null;
            }
            if (!left) {
                all.add(Objects.requireNonNull(note(tx, others(), true)));
            }
            tell(tx, attempt, all);
        });
    }

    /** The trail gets the first failure of a pair and each lock-out, and of these a bounded number in an hour. */
    private void tell(DSLContext tx, Attempt attempt, List<Noted> all) {
        Noted first = all.getFirst();
        Noted longest = all.stream()
                .filter(noted -> noted.blockedUntil() != null)
                .max(Comparator.comparing(noted -> Objects.requireNonNull(noted.blockedUntil())))
                .orElse(null);
        boolean wanted = longest != null || (first.failures() == 1 && first.kind() != Kind.OTHERS);
        Integer audited = COUNT_FAILURE.first(
                tx,
                Map.of(
                        "hour",
                        Timestamp.from(clock.instant().truncatedTo(ChronoUnit.HOURS)),
                        "wanted",
                        wanted ? 1 : 0,
                        "most",
                        MOST_AUDITED_AN_HOUR),
                (row, number) -> row.getInt(1));
        if (!wanted || audited == null || audited > MOST_AUDITED_AN_HOUR) {
            return;
        }
        // What was typed as a name and is none may be a password.
        String subject = "user/" + (attempt.user() == null ? "unknown" : attempt.user());
        AuditEvent event = AuditEvent.of(
                        STRANGER, longest == null ? "access.login.failed" : "access.login.lockout", subject)
                .with("address", attempt.address())
                .with("knownPlace", attempt.known());
        audit.append(
                tx,
                longest == null
                        ? event
                        : event.touching(longest.failures())
                                .with("of", longest.kind().code())
                                .with("until", Objects.requireNonNull(longest.blockedUntil())));
    }

    /** What strangers did elsewhere stays counted. */
    void noteSuccess(DSLContext tx, Attempt attempt) {
        tx.deleteFrom(LOGIN_FAILURE)
                .where(LOGIN_FAILURE.SOURCE.eq(lane(attempt).key()))
                .execute();
        Instant now = clock.instant();
        tx.insertInto(KNOWN_PLACE)
                .set(KNOWN_PLACE.USER_NAME, attempt.name())
                .set(KNOWN_PLACE.PLACE, placeIndex(attempt.address()))
                .set(KNOWN_PLACE.LAST_AT, now)
                .onDuplicateKeyUpdate()
                .set(KNOWN_PLACE.LAST_AT, now)
                .execute();
        tx.deleteFrom(KNOWN_PLACE)
                .where(KNOWN_PLACE.USER_NAME.eq(attempt.name()))
                .and(KNOWN_PLACE.PLACE.notIn(DSL.select(KNOWN_PLACE.PLACE)
                        .from(KNOWN_PLACE)
                        .where(KNOWN_PLACE.USER_NAME.eq(attempt.name()))
                        .orderBy(KNOWN_PLACE.LAST_AT.desc(), KNOWN_PLACE.PLACE)
                        .limit(MOST_PLACES)))
                .execute();
    }

    /** Removes what no longer counts, and tells the trail how many failures there were in each hour that is over. */
    void forget() {
        Instant now = clock.instant();
        database.transact(tx -> {
            // What a login holds at this moment is not old any more.
            tx.deleteFrom(LOGIN_FAILURE)
                    .where(LOGIN_FAILURE.SOURCE.in(tx.select(LOGIN_FAILURE.SOURCE)
                            .from(LOGIN_FAILURE)
                            .where(LOGIN_FAILURE.LAST_AT.lt(now.minus(FORGET_AFTER)))
                            .forUpdate()
                            .skipLocked()))
                    .execute();
            tx.deleteFrom(KNOWN_PLACE)
                    .where(KNOWN_PLACE.LAST_AT.lt(now.minus(FORGET_PLACE_AFTER)))
                    .execute();
            tx.deleteFrom(LOGIN_FAILURE_HOUR)
                    .where(LOGIN_FAILURE_HOUR.HOUR.lt(now.truncatedTo(ChronoUnit.HOURS)))
                    .returning()
                    .fetch()
                    .sortAsc(LOGIN_FAILURE_HOUR.HOUR)
                    .forEach(hour -> audit.append(
                            tx,
                            AuditEvent.of(Actor.SYSTEM, "access.login.failures", "hour/" + hour.getHour())
                                    .touching(hour.getFailures())));
        });
    }

    private @Nullable Noted note(DSLContext tx, Source source, boolean always) {
        Instant now = clock.instant();
        Map<String, Object> values = new HashMap<>();
        values.put("source", source.key());
        values.put("kind", source.kind().code());
        values.put("user", source.user());
        values.put("address", source.address());
        values.put("always", always);
        values.put("most", mostRows);
        values.put("now", Timestamp.from(now));
        values.put("forgottenBefore", Timestamp.from(now.minus(FORGET_AFTER)));
        values.put("limit", source.kind().limit);
        values.put("shortest", source.kind().shortest.toSeconds());
        values.put("longest", source.kind().longest.toSeconds());
        return NOTE_FAILURE.first(tx, values, (row, number) -> {
            Timestamp until = row.getTimestamp(2);
            return new Noted(source.kind(), row.getInt(1), until == null ? null : until.toInstant());
        });
    }

    private List<Source> sources(Attempt attempt) {
        if (attempt.known()) {
            return List.of(lane(attempt));
        }
        return List.of(
                lane(attempt),
                new Source(Kind.NAME, index.of("name", attempt.name()), attempt.user(), null),
                new Source(
                        Kind.ADDRESS,
                        index.of("address", network(attempt.address())),
                        null,
                        network(attempt.address())));
    }

    /** Its name says which part of all attempts stands in it: those that only its own failures slow down. */
    private Source lane(Attempt attempt) {
        return attempt.device() == null
                ? new Source(
                        Kind.PAIR,
                        index.of("pair", network(attempt.address()) + "|" + attempt.name()),
                        attempt.user(),
                        network(attempt.address()))
                : new Source(
                        Kind.DEVICE,
                        index.of("device of", attempt.device() + "|" + attempt.name()),
                        attempt.user(),
                        network(attempt.address()));
    }

    private Source others() {
        return new Source(Kind.OTHERS, index.of("others", ""), null, null);
    }

    private byte[] placeIndex(String address) {
        return index.of("place", network(address));
    }

    /** A network of version 6 has 2^64 addresses for one subscriber. */
    static String network(String address) {
        try {
            InetAddress read = InetAddress.ofLiteral(address);
            return read instanceof Inet6Address
                    ? HexFormat.of().formatHex(read.getAddress(), 0, 8) + "::/64"
                    : read.getHostAddress();
        } catch (IllegalArgumentException noAddress) {
            return address;
        }
    }
}
