package org.annona.exchange.asking;

import static org.annona.exchange.internal.tables.Tables.INQUIRY;
import static org.annona.exchange.internal.tables.Tables.INQUIRY_PART;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.annona.exchange.internal.tables.states.InquiryState;
import org.annona.exchange.internal.tables.tables.records.InquiryRecord;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.transaction.Transactions;
import org.annona.foundation.database.Database;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.lease.Leases;
import org.annona.foundation.retry.BackOff;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.Sealer;
import org.annona.interop.client.DciClient;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.Refusal;
import org.annona.interop.search.AnswerReader;
import org.annona.interop.search.Outcome;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What partners' registries are asked and answer later. A question is written down before it is sent, its answer is known
 * again by its transaction and its sender, and what does not come until its deadline is an outcome too: that nothing is known
 * (DCI reference R10.6, R16.10).
 */
public final class Inquiries {

    private static final String QUESTIONS = "exchange.inquiry.questions_sealed";
    private static final String FAULT = "exchange.inquiry.fault_sealed";
    private static final String PART = "exchange.inquiry_part.part_sealed";
    private static final Leases<InquiryRecord> LEASES = new Leases<>(
            INQUIRY, INQUIRY.ID, INQUIRY.NEXT_TRY_AT, INQUIRY.ATTEMPTS, INQUIRY.LEASE_UNTIL, Duration.ofMinutes(3));
    private static final BackOff BACK_OFF = BackOff.doubling(Duration.ofSeconds(2), Duration.ofMinutes(5));
    private static final Duration KEPT = Duration.ofDays(7);
    private static final Duration KEPT_UNHEARD = Duration.ofDays(30);
    /** In bytes, of all its pages: they are put together in memory. */
    private static final long LONGEST_ANSWER = 20_000_000;

    private static final int MOST_PARTS = 100;

    private static final int FORBIDDEN = 403;

    private final Database database;
    private final RemoteRegistries registries;
    private final Transactions transactions;
    private final Sealer sealer;
    private final Clock clock;

    public Inquiries(
            Database database, RemoteRegistries registries, Transactions transactions, Keyring keyring, Clock clock) {
        this.database = database;
        this.registries = registries;
        this.transactions = transactions;
        this.sealer = keyring.sealer("exchange");
        this.clock = clock;
    }

    /** An inquiry whose turn it is. @param taken whether the registry has acknowledged it at least once */
    record Due(
            UUID id,
            UUID partnerId,
            @Nullable Short organisation,
            String registry,
            String topic,
            byte[] questionsSealed,
            InquiryState state,
            boolean taken,
            int attempts,
            Instant deadline) {

        String transaction() {
            return id.toString();
        }

        @Override
        public String toString() {
            return "Due[" + state + " " + id + "]";
        }
    }

    /**
     * Has a registry asked soon. To ask again under the same id changes nothing.
     *
     * @param id chosen by the block that asks, which has written it down
     * @param topic of an {@link InquiryAudience}, which hears the outcomes
     * @param kind of registry, such as {@code ibr}: the answer is awaited at ours of that name
     * @param questions no more than were agreed for one message
     * @param deadline until which an answer is awaited
     */
    public void ask(
            UUID id, String topic, String senderId, String kind, List<DciClient.Question> questions, Instant deadline) {
        Partner partner = registries.asked(senderId);
        int most = registries.agreed(partner).batch();
        if (questions.isEmpty() || questions.size() > most) {
            throw new IllegalArgumentException(
                    questions.size() + " questions, where between one and " + most + " were agreed");
        }
        database.sql()
                .insertInto(INQUIRY)
                .set(INQUIRY.ID, id)
                .set(INQUIRY.PARTNER_ID, partner.id())
                .set(INQUIRY.REGISTRY, kind)
                .set(INQUIRY.TOPIC, topic)
                .set(INQUIRY.QUESTIONS_SEALED, sealer.seal(QUESTIONS, id, written(questions)))
                .set(INQUIRY.NEXT_TRY_AT, clock.instant())
                .set(INQUIRY.ASKED_AT, clock.instant())
                .set(INQUIRY.DEADLINE_AT, deadline)
                .onConflictDoNothing()
                .execute();
    }

    private static byte[] written(List<DciClient.Question> questions) {
        ArrayNode all = JsonMapper.shared().createArrayNode();
        questions.forEach(question ->
                all.addObject().put("reference", question.reference()).set("criteria", question.criteria()));
        return all.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Takes some whose turn it is for this process; when it dies, another one takes them later.
     *
     * @param topics of which this process can hear the outcomes
     * @param busy partners for whom enough is under way
     * @param resting partners that are not to be asked
     */
    List<Due> lease(Set<String> topics, Set<UUID> busy, Set<UUID> resting, int most) {
        Instant now = clock.instant();
        Condition turn = INQUIRY.STATE
                .in(InquiryState.DUE, InquiryState.TAKEN, InquiryState.ENDED)
                .and(INQUIRY.STATE.ne(InquiryState.ENDED).or(INQUIRY.TOPIC.in(topics)))
                .and(INQUIRY.PARTNER_ID.notIn(busy))
                .and(INQUIRY.PARTNER_ID
                        .notIn(resting)
                        .or(INQUIRY.STATE.eq(InquiryState.ENDED))
                        .or(INQUIRY.DEADLINE_AT.le(now)));
        return database.inTransaction(tx -> LEASES.take(tx, now, turn, most).map(Inquiries::due));
    }

    private static Due due(InquiryRecord row) {
        return new Due(
                row.getId(),
                row.getPartnerId(),
                row.getOrganisationId(),
                row.getRegistry(),
                row.getTopic(),
                row.getQuestionsSealed(),
                row.getState(),
                row.getTaken(),
                row.getAttempts(),
                row.getDeadlineAt());
    }

    List<DciClient.Question> questions(Due inquiry) {
        List<DciClient.Question> questions = new ArrayList<>();
        JsonMapper.shared()
                .readTree(sealer.open(QUESTIONS, inquiry.id(), inquiry.questionsSealed()))
                .forEach(question -> questions.add(new DciClient.Question(
                        question.path("reference").asString(), (ObjectNode) question.path("criteria"))));
        return List.copyOf(questions);
    }

    private List<String> references(Due inquiry) {
        return questions(inquiry).stream().map(DciClient.Question::reference).toList();
    }

    /** The registry has taken it; should nothing come by then, it is asked how far it is. */
    void taken(Due inquiry, Duration patience) {
        wait(inquiry, InquiryState.TAKEN, patience, true);
    }

    /** It is carried on later and later, but not after its deadline. @param least how long the registry wants to rest */
    void postpone(Due inquiry, Duration least) {
        Duration pause = BACK_OFF.after(inquiry.attempts());
        wait(inquiry, inquiry.state(), pause.compareTo(least) > 0 ? pause : least, false);
    }

    /** The registry does not know of it: it is sent once more. */
    void again(Due inquiry) {
        wait(inquiry, InquiryState.DUE, BACK_OFF.after(inquiry.attempts()), false);
    }

    private void wait(Due inquiry, InquiryState state, Duration pause, boolean anew) {
        Instant next = clock.instant().plus(pause);
        database.sql()
                .update(INQUIRY)
                .set(INQUIRY.STATE, state)
                .set(INQUIRY.NEXT_TRY_AT, next.isAfter(inquiry.deadline()) ? inquiry.deadline() : next)
                .set(INQUIRY.ATTEMPTS, anew ? 0 : inquiry.attempts())
                .set(INQUIRY.TAKEN, inquiry.taken() || anew)
                .setNull(INQUIRY.LEASE_UNTIL)
                .where(INQUIRY.ID.eq(inquiry.id()), INQUIRY.STATE.in(InquiryState.DUE, InquiryState.TAKEN))
                .execute();
    }

    /** It is still being carried on; a moment later it is looked at again. */
    void giveBack(Due inquiry) {
        database.sql()
                .update(INQUIRY)
                .set(INQUIRY.NEXT_TRY_AT, clock.instant().plusSeconds(1))
                .set(INQUIRY.ATTEMPTS, inquiry.attempts() - 1)
                .setNull(INQUIRY.LEASE_UNTIL)
                .where(INQUIRY.ID.eq(inquiry.id()), INQUIRY.STATE.eq(inquiry.state()))
                .execute();
    }

    /** Nothing more will be known of what was not answered. @param fault why; pending where the time is over */
    void end(Due inquiry, Outcome fault) {
        database.transact(tx -> end(tx, inquiry.id(), fault));
    }

    private void end(DSLContext tx, UUID id, @Nullable Outcome fault) {
        tx.update(INQUIRY)
                .set(INQUIRY.STATE, InquiryState.ENDED)
                .set(INQUIRY.FAULT, fault == null ? null : RemoteRegistries.word(fault))
                .set(INQUIRY.FAULT_SEALED, fault == null ? null : sealer.seal(FAULT, id, written(fault)))
                .set(INQUIRY.ENDED_AT, clock.instant())
                .set(INQUIRY.NEXT_TRY_AT, clock.instant())
                .set(INQUIRY.ATTEMPTS, 0)
                .setNull(INQUIRY.LEASE_UNTIL)
                .where(INQUIRY.ID.eq(id), INQUIRY.STATE.in(InquiryState.DUE, InquiryState.TAKEN))
                .execute();
    }

    /** Sealed, because the registry's words might repeat what was asked. */
    private static String written(Outcome fault) {
        boolean rejected = fault instanceof Outcome.Rejected;
        return JsonMapper.shared()
                .createObjectNode()
                .put("code", rejected ? ((Outcome.Rejected) fault).code() : "")
                .put("text", rejected ? ((Outcome.Rejected) fault).text() : RemoteRegistries.reason(fault))
                .toString();
    }

    /**
     * Takes a message in which a registry answers. It may come before we know that the question was taken, twice, or when
     * the question has ended.
     *
     * @throws Refusal where it belongs to a question to another partner
     */
    public Arrival receive(Partner sender, String messageId, JsonNode header, JsonNode message) {
        Optional<UUID> id = idOf(message.path("transaction_id").asString(""));
        if (id.isEmpty()) {
            return Arrival.UNASKED;
        }
        return database.inTransaction(tx -> {
            InquiryRecord row = locked(tx, id.get());
            if (row == null) {
                return Arrival.UNASKED;
            }
            if (!row.getPartnerId().equals(sender.id())) {
                throw Refusal.http(FORBIDDEN, ErrorCode.FORBIDDEN, "somebody else was asked this");
            }
            if (!isOpen(row)) {
                return Arrival.LATE;
            }
            if (transactions.isFirst(tx, sender, messageId)) {
                add(tx, row, new AnswerReader.Part(header, message), false);
            }
            return Arrival.WANTED;
        });
    }

    /** What a message that answers is to us. */
    public enum Arrival {
        WANTED,
        /** What was asked has ended meanwhile. */
        LATE,
        UNASKED
    }

    private static @Nullable InquiryRecord locked(DSLContext tx, UUID id) {
        return tx.selectFrom(INQUIRY).where(INQUIRY.ID.eq(id)).forUpdate().fetchOne();
    }

    private static boolean isOpen(InquiryRecord row) {
        return row.getState() == InquiryState.DUE || row.getState() == InquiryState.TAKEN;
    }

    private static Optional<UUID> idOf(String transaction) {
        try {
            return Optional.of(UUID.fromString(transaction));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    /** What the registry keeps of it, where it says all; else it goes on waiting. @return whether it says all */
    boolean told(Due inquiry, AnswerReader.Part part) {
        Map<String, Outcome> told = AnswerReader.combined(List.of(part), references(inquiry));
        if (!isWhole(told, true) || told.values().stream().anyMatch(Outcome.Unreadable.class::isInstance)) {
            return false;
        }
        database.transact(tx -> {
            InquiryRecord row = locked(tx, inquiry.id());
            if (row == null || !isOpen(row)) {
                // Its callback was faster.
                return;
            }
            // It replaces pages that were pushed, of which some are missing.
            tx.deleteFrom(INQUIRY_PART)
                    .where(INQUIRY_PART.INQUIRY.eq(inquiry.id()))
                    .execute();
            row.setBytes(0L);
            add(tx, row, part, true);
        });
        return true;
    }

    /** @param all whether nothing more will come where it is not said how many there are */
    private void add(DSLContext tx, InquiryRecord row, AnswerReader.Part part, boolean all) {
        List<String> references = references(due(row));
        if (saysNothing(part, references)) {
            return;
        }
        UUID id = Ids.next();
        ObjectNode envelope = JsonMapper.shared().createObjectNode();
        envelope.set("header", part.header());
        envelope.set("message", part.message());
        byte[] written = envelope.toString().getBytes(StandardCharsets.UTF_8);
        long bytes = row.getBytes() + written.length;
        if (bytes > LONGEST_ANSWER) {
            tx.deleteFrom(INQUIRY_PART)
                    .where(INQUIRY_PART.INQUIRY.eq(row.getId()))
                    .execute();
            end(tx, row.getId(), new Outcome.Unreadable("the answer is longer than is read"));
            return;
        }
        tx.update(INQUIRY)
                .set(INQUIRY.BYTES, bytes)
                .where(INQUIRY.ID.eq(row.getId()))
                .execute();
        tx.insertInto(INQUIRY_PART)
                .set(INQUIRY_PART.ID, id)
                .set(INQUIRY_PART.INQUIRY, row.getId())
                .set(INQUIRY_PART.PART_SEALED, sealer.seal(PART, id, written))
                .execute();
        List<AnswerReader.Part> parts = parts(tx, row.getId());
        if (isWhole(AnswerReader.combined(parts, references), all)) {
            end(tx, row.getId(), null);
        } else if (parts.size() >= MOST_PARTS) {
            end(tx, row.getId(), new Outcome.Unreadable("the answer has more parts than are read"));
        }
    }

    private static boolean saysNothing(AnswerReader.Part part, List<String> references) {
        return AnswerReader.combined(List.of(part), references).values().stream()
                .allMatch(Outcome.Pending.class::isInstance);
    }

    private List<AnswerReader.Part> parts(DSLContext sql, UUID inquiry) {
        return sql.selectFrom(INQUIRY_PART)
                .where(INQUIRY_PART.INQUIRY.eq(inquiry))
                .orderBy(INQUIRY_PART.ID)
                .fetch(row -> {
                    JsonNode envelope =
                            JsonMapper.shared().readTree(sealer.open(PART, row.getId(), row.getPartSealed()));
                    return new AnswerReader.Part(envelope.path("header"), envelope.path("message"));
                });
    }

    /** Whether nothing more has to be waited for. @param all what to think where it is not said how many there are */
    private static boolean isWhole(Map<String, Outcome> outcomes, boolean all) {
        return outcomes.values().stream().allMatch(outcome -> switch (outcome) {
            case Outcome.Pending pending -> false;
            case Outcome.Answered answered -> answered.total() == null ? all : answered.isComplete();
            case Outcome.Rejected rejected -> true;
            case Outcome.Unreadable unreadable -> true;
            case Outcome.Unreachable unreachable -> true;
        });
    }

    /** What is known of an inquiry that has ended, one outcome for each question. */
    Map<String, Outcome> outcomes(Due inquiry) {
        List<String> references = references(inquiry);
        return database.onOneSnapshot(sql -> {
            InquiryRecord row = sql.fetchSingle(INQUIRY, INQUIRY.ID.eq(inquiry.id()));
            Map<String, Outcome> outcomes =
                    new LinkedHashMap<>(AnswerReader.combined(parts(sql, inquiry.id()), references));
            Outcome fault = fault(row);
            outcomes.replaceAll((reference, outcome) -> outcome instanceof Outcome.Pending ? fault : outcome);
            return outcomes;
        });
    }

    private Outcome fault(InquiryRecord row) {
        if (row.getFault() == null || row.getFaultSealed() == null) {
            return new Outcome.Pending();
        }
        JsonNode written = JsonMapper.shared().readTree(sealer.open(FAULT, row.getId(), row.getFaultSealed()));
        String text = written.path("text").asString();
        return switch (row.getFault()) {
            case "rejected" -> new Outcome.Rejected(written.path("code").asString(), text);
            case "unreachable" -> new Outcome.Unreachable(text);
            case "unreadable" -> new Outcome.Unreadable(text);
            default -> new Outcome.Pending();
        };
    }

    /** The block that asked has heard it. */
    void heard(Due inquiry) {
        database.sql()
                .update(INQUIRY)
                .set(INQUIRY.STATE, InquiryState.TOLD)
                .setNull(INQUIRY.LEASE_UNTIL)
                .where(INQUIRY.ID.eq(inquiry.id()), INQUIRY.STATE.eq(InquiryState.ENDED))
                .execute();
    }

    /** The block that asked could not listen now. */
    void unheard(Due inquiry) {
        database.sql()
                .update(INQUIRY)
                .set(INQUIRY.NEXT_TRY_AT, clock.instant().plus(BACK_OFF.after(inquiry.attempts())))
                .setNull(INQUIRY.LEASE_UNTIL)
                .where(INQUIRY.ID.eq(inquiry.id()), INQUIRY.STATE.eq(InquiryState.ENDED))
                .execute();
    }

    /** What was told, and what was never heard. */
    public void forgetOld() {
        Instant now = clock.instant();
        database.sql()
                .deleteFrom(INQUIRY)
                .where(INQUIRY.STATE.eq(InquiryState.TOLD), INQUIRY.ENDED_AT.lt(now.minus(KEPT)))
                .or(INQUIRY.STATE.eq(InquiryState.ENDED).and(INQUIRY.ENDED_AT.lt(now.minus(KEPT_UNHEARD))))
                .execute();
    }
}
