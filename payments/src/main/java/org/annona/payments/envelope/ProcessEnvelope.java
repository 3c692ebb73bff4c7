package org.annona.payments.envelope;

import static org.annona.payments.internal.tables.Tables.ATTEMPT;
import static org.annona.payments.internal.tables.Tables.DISBURSEMENT;
import static org.annona.payments.internal.tables.Tables.ENVELOPE;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.SqlFile;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.Step;
import org.annona.foundation.job.Work;
import org.annona.foundation.money.Money;
import org.annona.payments.AddressBook;
import org.annona.payments.AddressBook.Answer;
import org.annona.payments.AnnouncedFunds;
import org.annona.payments.PayeeStanding;
import org.annona.payments.PaymentKeys;
import org.annona.payments.PaymentsSettings;
import org.annona.payments.dispatch.Dispatch;
import org.annona.payments.envelope.Envelope.State;
import org.annona.payments.funding.Funding;
import org.annona.payments.internal.tables.tables.records.EnvelopeRecord;
import org.annona.payments.ledger.Ledger;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Takes an envelope through its gates: addresses resolved, funds reserved, the day come, everything sent. Runs again when
 * somebody puts payments back into it.
 */
public final class ProcessEnvelope implements Work {

    static final String KIND = "payments.process-envelope";

    private static final int DISBURSEMENTS_PER_CHUNK = 2_000;
    private static final SqlFile STORE_ADDRESSES = SqlFile.beside(ProcessEnvelope.class, "store-addresses.sql");

    private final Database database;
    private final AddressBook addresses;
    private final Dispatch dispatch;
    private final PayeeStanding standing;
    private final PaymentKeys keys;
    private final PaymentsSettings settings;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("payments");

    public ProcessEnvelope(
            Database database,
            AddressBook addresses,
            Dispatch dispatch,
            PayeeStanding standing,
            PaymentKeys keys,
            PaymentsSettings settings,
            Clock clock) {
        this.settings = settings;
        this.standing = standing;
        this.database = database;
        this.addresses = addresses;
        this.dispatch = dispatch;
        this.keys = keys;
        this.clock = clock;
    }

    record Order(UUID envelopeId) {}

    private record Nothing() {}

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Step step(JobRun run) {
        UUID id = run.input(Order.class).envelopeId();
        EnvelopeRecord envelope = database.sql().fetchSingle(ENVELOPE, ENVELOPE.ID.eq(id));
        List<Received> received = received(id);
        if (!received.isEmpty()) {
            return resolve(run, envelope, received);
        }
        if (envelope.getCheckedAt() == null) {
            checked(id);
        }
        State state = Envelopes.state(envelope);
        if (state == State.RECEIVED || state == State.WAITING_FOR_FUNDS) {
            return fund(run, envelope);
        }
        if (LocalDate.now(clock).isBefore(envelope.getPayOn())) {
            return Step.waitFor(Duration.ofMinutes(5), "the day of payment is " + envelope.getPayOn());
        }
        if (checkAgain(envelope)) {
            return Step.CONTINUE;
        }
        return send(run, envelope);
    }

    private void checked(UUID envelope) {
        database.sql()
                .update(ENVELOPE)
                .set(ENVELOPE.CHECKED_AT, Database.now(database.sql()))
                .where(ENVELOPE.ID.eq(envelope))
                .execute();
    }

    /**
     * Days may pass between the release and the day of payment: what was looked up long ago is looked up again before its bytes leave.
     *
     * @return whether there is something to look up
     */
    private boolean checkAgain(EnvelopeRecord envelope) {
        return database.inTransaction(tx -> {
            Instant checked = envelope.getCheckedAt();
            if (checked == null || checked.plus(settings.checkLasts()).isAfter(Database.now(tx))) {
                return false;
            }
            int again = tx.update(DISBURSEMENT)
                    .set(DISBURSEMENT.STATE, "received")
                    .where(DISBURSEMENT.ENVELOPE_ID.eq(envelope.getId()), DISBURSEMENT.STATE.eq("ready"))
                    .andNotExists(tx.selectOne()
                            .from(ATTEMPT)
                            .where(ATTEMPT.DISBURSEMENT_ID.eq(DISBURSEMENT.ID), ATTEMPT.STATE.eq("prepared")))
                    .execute();
            tx.update(ENVELOPE)
                    .setNull(ENVELOPE.CHECKED_AT)
                    .where(ENVELOPE.ID.eq(envelope.getId()))
                    .execute();
            return again > 0;
        });
    }

    /** @param version of the account that may be paid */
    private record Received(UUID id, String lineKey, UUID beneficiary, int version) {}

    private List<Received> received(UUID envelope) {
        return database.sql()
                .select(DISBURSEMENT.ID, DISBURSEMENT.LINE_KEY, DISBURSEMENT.BENEFICIARY, DISBURSEMENT.ACCOUNT_VERSION)
                .from(DISBURSEMENT)
                .where(DISBURSEMENT.ENVELOPE_ID.eq(envelope), DISBURSEMENT.STATE.eq("received"))
                .orderBy(DISBURSEMENT.ID)
                .limit(DISBURSEMENTS_PER_CHUNK)
                .fetch(row -> new Received(row.value1(), row.value2(), row.value3(), row.value4()));
    }

    private record Addressed(
            UUID id,
            String state,
            String reason,
            @Nullable String scheme,
            @Nullable String provider,
            byte @Nullable [] sealed,
            byte @Nullable [] hash,
            @Nullable Integer version,
            int approved) {}

    /** The book is asked outside of any transaction; where it does not answer, the job waits and nobody is passed over. */
    private Step resolve(JobRun run, EnvelopeRecord envelope, List<Received> received) {
        List<Answer> answers =
                addresses.resolve(received.stream().map(Received::beneficiary).toList());
        if (answers.size() != received.size()) {
            throw new IllegalStateException(
                    "the address book gave " + answers.size() + " answers to " + received.size() + " questions");
        }
        Map<String, String> stopped = standing.stopped(
                envelope.getKey(), received.stream().map(Received::lineKey).toList());
        List<Addressed> addressed = new ArrayList<>(answers.size());
        List<Stops.Stop> stops = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            String reason = stopped.get(received.get(i).lineKey());
            if (reason == null) {
                addressed.add(addressed(received.get(i), answers.get(i)));
            } else {
                stops.add(new Stops.Stop(received.get(i).id(), reason));
            }
        }
        long unresolved = addressed.stream()
                .filter(one -> one.state().equals("unresolved"))
                .count();
        return run.chunk(database, tx -> {
            storeAddresses(tx, addressed);
            Stops.stop(tx, envelope.getId(), stops, Actor.SYSTEM, "");
            return Progress.upTo(new Nothing())
                    .done(addressed.size() - unresolved)
                    .failed(unresolved)
                    .ofTotal(2 * envelope.getDeclaredCount())
                    .in("looking up accounts");
        });
    }

    /** A change of an account after its approval could take the money of others, so two people look at it. */
    private Addressed addressed(Received payment, Answer answer) {
        UUID id = payment.id();
        return switch (answer) {
            case Answer.NoAccount() ->
                new Addressed(id, "unresolved", "NO_ACCOUNT", null, null, null, null, null, payment.version());
            case Answer.Found found -> {
                String number = found.number().reveal();
                boolean approved = found.version() == payment.version();
                yield new Addressed(
                        id,
                        approved ? "ready" : "unresolved",
                        approved ? "" : "ACCOUNT_CHANGED",
                        found.scheme(),
                        found.provider(),
                        keys.sealAccount(id, number),
                        keys.accountHash(found.provider(), number),
                        found.version(),
                        payment.version());
            }
        };
    }

    private static void storeAddresses(DSLContext tx, List<Addressed> addressed) {
        STORE_ADDRESSES.run(
                tx,
                Map.of(
                        "id", SqlFile.column("uuid", addressed, Addressed::id),
                        "state", SqlFile.column("text", addressed, Addressed::state),
                        "reason", SqlFile.column("text", addressed, Addressed::reason),
                        "scheme", SqlFile.column("text", addressed, Addressed::scheme),
                        "provider", SqlFile.column("text", addressed, Addressed::provider),
                        "sealed", SqlFile.column("bytea", addressed, Addressed::sealed),
                        "hash", SqlFile.column("bytea", addressed, Addressed::hash),
                        "version", SqlFile.column("int", addressed, Addressed::version),
                        "approved", SqlFile.column("int", addressed, Addressed::approved)));
    }

    /** Reserves all or nothing. Where the fund is too small the envelope waits, visibly, and looks again by itself. */
    private Step fund(JobRun run, EnvelopeRecord known) {
        String currency = known.getCurrency();
        long missing = database.inTransaction(tx -> {
            EnvelopeRecord envelope = Envelopes.locked(tx, known.getId());
            State state = Envelopes.state(envelope);
            if (state != State.RECEIVED && state != State.WAITING_FOR_FUNDS) {
                // Another process was faster while this one was paused.
                return 0L;
            }
            Envelopes.Available funds = Envelopes.lockedFunds(tx, envelope, settings.bankAccount());
            long available = funds.minor();
            long needed = Stops.stillToPay(tx, envelope.getId());
            if (available < needed) {
                envelope.setState(Envelopes.state(State.WAITING_FOR_FUNDS));
                envelope.setNote(Money.of(needed - available, currency)
                        + (funds.fundMinor() < needed
                                ? " are missing in the fund of " + envelope.getProgrammeCode() + " for "
                                        + envelope.getPayOn().getYear() + "."
                                        + announced(tx, envelope, needed - available)
                                : " are missing at the bank: fees or unexplained lines used them. Explain the lines, or"
                                        + " announce funds; the payments go on by themselves."));
                envelope.update();
                return needed - available;
            }
            if (needed > 0) {
                Ledger.reserve(
                        tx, envelope.getId(), envelope.getProgrammeCode(), envelope.getPayOn(), currency, needed);
            }
            envelope.setState(Envelopes.state(State.FUNDED));
            envelope.setNote("");
            envelope.update();
            audit.append(
                    tx,
                    AuditEvent.of("system", "payments.envelope.reserve", "envelope/" + envelope.getId())
                            .because(run.asCause())
                            .with("minor", needed));
            return 0L;
        });
        return missing == 0
                ? Step.CONTINUE
                : Step.waitFor(
                        settings.pauses().funds(), "waits for funds: " + Money.of(missing, currency) + " are missing");
    }

    /** What is to be done about a fund that is too small. */
    private String announced(DSLContext tx, EnvelopeRecord envelope, long missing) {
        AnnouncedFunds announced = Funding.announced(
                tx, envelope.getProgrammeCode(), envelope.getPayOn().getYear());
        if (announced.since() == null) {
            return " Announce funds; the payments go on by themselves.";
        }
        String known = " " + Money.of(announced.minor(), envelope.getCurrency()) + " are announced since "
                + LocalDate.ofInstant(announced.since(), clock.getZone()) + " and on no statement of the bank yet.";
        return announced.minor() >= missing
                ? known + " The payments go on by themselves."
                : known + " Announce the rest; the payments go on by themselves.";
    }

    private Step send(JobRun run, EnvelopeRecord envelope) {
        Dispatch.Sent sent = dispatch.sendNext(envelope.getId());
        if (sent instanceof Dispatch.Sent.Postponed postponed) {
            return Step.waitFor(postponed.pause(), postponed.reason());
        }
        if (sent instanceof Dispatch.Sent.Batch batch) {
            return run.chunk(
                    database,
                    tx -> Progress.upTo(new Nothing()).done(batch.items()).in("sending"));
        }
        boolean othersSend = database.sql()
                .fetchExists(
                        DISBURSEMENT,
                        DISBURSEMENT.ENVELOPE_ID.eq(envelope.getId()).and(DISBURSEMENT.STATE.eq("ready")));
        if (othersSend) {
            return Step.waitFor(settings.pauses().bankAway(), "another process sends the rest");
        }
        return run.chunk(database, tx -> {
            tx.update(ENVELOPE)
                    .set(ENVELOPE.STATE, Envelopes.state(State.DISPATCHED))
                    .where(ENVELOPE.ID.eq(envelope.getId()), ENVELOPE.STATE.eq(Envelopes.state(State.FUNDED)))
                    .execute();
            return Progress.finished("everything was sent; the statement of the bank tells what was paid");
        });
    }
}
