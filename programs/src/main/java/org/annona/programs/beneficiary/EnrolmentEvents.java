package org.annona.programs.beneficiary;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.annona.exchange.EventPage;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;

/** Steps of enrolments, ours and reported ones, as events of the standard, which spells them as here (DCI reference, section 6). */
final class EnrolmentEvents {

    private static final SqlFile STEPS = SqlFile.beside(EnrolmentEvents.class, "steps.sql");
    private static final SqlFile NOW = SqlFile.beside(EnrolmentEvents.class, "steps-end.sql");
    private static final String ENROLLED = "enrollement";
    private static final String CHANGED = "enrollement_status_change";

    private final Database database;

    EnrolmentEvents(Database database) {
        this.database = database;
    }

    /** In the spellings of editions and partners. */
    static Optional<String> named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "enrollement", "enrollment", "enrolment" -> Optional.of(ENROLLED);
            case "enrollement_status_change", "enrollment_status_change", "enrolment_status_change", "disenrollment" ->
                Optional.of(CHANGED);
            default -> Optional.empty();
        };
    }

    EventPage happened(String after, int limit) {
        String[] from = (after.isEmpty() ? now() : after).split(":", -1);
        List<EventPage.Positioned> rows = STEPS.list(
                database.sql(),
                Map.of("xid", from[0], "number", Long.parseLong(from[1]), "limit", limit + 1),
                (row, number) -> new EventPage.Positioned(
                        new EventPage.Event(
                                row.getBoolean("began") ? ENROLLED : CHANGED,
                                "ibr-" + row.getLong("number"),
                                row.getTimestamp("changed_at").toInstant(),
                                Map.of(Beneficiaries.BENEFICIARY, row.getObject("beneficiary_id", UUID.class))),
                        row.getString("changed_xid") + ":" + row.getLong("number")));
        return EventPage.of(rows, limit, String.join(":", from));
    }

    private String now() {
        return Objects.requireNonNull(NOW.first(database.sql(), Map.of(), (row, number) -> row.getString("xid"))) + ":"
                + Long.MAX_VALUE;
    }
}
