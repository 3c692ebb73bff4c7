package org.annona.exchange.search;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.annona.exchange.Disclosure;
import org.annona.exchange.Question;
import org.annona.exchange.Reply;
import org.annona.exchange.ServedRegistry;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.transaction.Answer;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.digest.RowDigest;
import org.annona.interop.message.LocalName;
import org.annona.interop.message.Operation;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.query.Query;
import org.annona.interop.query.QueryReader;
import org.annona.interop.query.QueryRefused;
import org.annona.interop.search.Page;
import org.annona.interop.search.Rejection;
import org.annona.interop.search.SearchItem;
import org.annona.interop.search.SearchRequest;
import org.annona.interop.search.SearchResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers searches: understands each item with the words that the partner may use for its purpose, asks the registry for all
 * of them at once, and notes what was told.
 */
public final class SearchAnswers {

    private static final int USUAL_PAGE = 100;
    /** Pages are numbered by the standard, so that a far one means reading all before it. */
    private static final long DEEPEST = 100_000;
    /** In one message, whatever its items ask for, so that an answer stays of a size that can be held and sent. */
    private static final int MOST_RECORDS = 10_000;

    private static final int MOST_CRITERIA = 50;

    private final Partners partners;
    private final Clock clock;

    public SearchAnswers(Partners partners, Clock clock) {
        this.partners = partners;
        this.clock = clock;
    }

    private record Understood(int number, String recordType, Question question) {}

    public Answer answer(Partner partner, ServedRegistry registry, SearchRequest request, String correlationId) {
        Map<String, Disclosure> disclosures = partners.disclosures(partner.id(), registry.prefix());
        SearchResponse.Answer[] answers =
                new SearchResponse.Answer[request.items().size()];
        Map<String, List<Understood>> byPurpose = new LinkedHashMap<>();
        Budget budget = new Budget();
        for (int i = 0; i < answers.length; i++) {
            SearchItem item = request.items().get(i);
            String purpose = purpose(item);
            try {
                Understood understood = understand(i, item, partner, registry, disclosures.get(purpose));
                budget.spend(understood.question());
                byPurpose.computeIfAbsent(purpose, none -> new ArrayList<>()).add(understood);
            } catch (ItemRejected rejected) {
                answers[i] = new SearchResponse.Rejected(item.referenceId(), item.locale(), rejected.rejection);
            }
        }
        List<AuditEvent> audits = new ArrayList<>();
        byPurpose.forEach((purpose, questions) -> {
            Disclosure disclosure = Objects.requireNonNull(disclosures.get(purpose), "it was understood with it");
            List<Reply> replies =
                    registry.answer(questions.stream().map(Understood::question).toList(), disclosure);
            for (int i = 0; i < questions.size(); i++) {
                Understood asked = questions.get(i);
                answers[asked.number()] = answer(request.items().get(asked.number()), registry, asked, replies.get(i));
            }
            audits.add(disclosed(partner, registry, correlationId, purpose, replies));
        });
        SearchResponse response = new SearchResponse(request.transactionId(), correlationId, List.of(answers));
        return Answer.of(
                        Operation.ON_SEARCH.action(),
                        response.asMessage(clock.instant()),
                        response.status(),
                        answers.length,
                        List.copyOf(audits))
                .under(rulesKey(disclosures));
    }

    /** Equal as long as the partner may know the same. */
    public static long rulesKey(Map<String, Disclosure> disclosures) {
        RowDigest digest = new RowDigest();
        new TreeMap<>(disclosures)
                .forEach((purpose, disclosure) ->
                        digest.add(purpose, new TreeSet<>(disclosure.open()), new TreeSet<>(disclosure.masked())));
        return ByteBuffer.wrap(digest.finish()).getLong();
    }

    /** What one message may still ask for. */
    private static final class Budget {

        private int records = MOST_RECORDS;
        private int criteria = MOST_CRITERIA;

        void spend(Question question) {
            boolean byCriteria = question.query() instanceof Query.ByCriteria;
            int wanted = byCriteria || question.page().size() > MOST_RECORDS / 10
                    ? question.page().size()
                    : 1;
            if (wanted > records || byCriteria && criteria == 0) {
                throw new ItemRejected(
                        ReasonCode.TOO_MANY_RECORDS_FOUND,
                        "a message is answered with at most " + MOST_RECORDS + " records, and at most " + MOST_CRITERIA
                                + " queries other than by identifier");
            }
            records -= wanted;
            criteria -= byCriteria ? 1 : 0;
        }
    }

    /** Leaves by an exception, because nothing else of the item is looked at. */
    private static final class ItemRejected extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final transient Rejection rejection;

        ItemRejected(ReasonCode reason, String text) {
            this(new Rejection(reason, text));
        }

        ItemRejected(Rejection rejection) {
            super(rejection.text(), null, false, false);
            this.rejection = rejection;
        }
    }

    private static Understood understand(
            int number, SearchItem item, Partner partner, ServedRegistry registry, @Nullable Disclosure disclosure) {
        if (item.rejection() != null) {
            throw new ItemRejected(item.rejection());
        }
        if (partner.terms().consentRequired() && item.consent() == null && item.authorize() == null) {
            throw new ItemRejected(
                    ReasonCode.SEARCH_CRITERIA_INVALID, "a consent or an authorisation has to be stated");
        }
        if (disclosure == null) {
            throw new ItemRejected(
                    ReasonCode.SEARCH_CRITERIA_INVALID, "nothing may be asked for the purpose that is stated");
        }
        String recordType = registry.recordType(item.recordType(), item.responseEntity())
                .orElseThrow(() ->
                        new ItemRejected(ReasonCode.SEARCH_CRITERIA_INVALID, "there are no records of that type here"));
        Page page = Optional.ofNullable(item.page())
                .orElse(new Page(Math.min(USUAL_PAGE, partner.limits().pageSize()), 1));
        if ((page.number() - 1L) * page.size() > DEEPEST) {
            throw new ItemRejected(
                    ReasonCode.TOO_MANY_RECORDS_FOUND,
                    "the first " + DEEPEST + " matches can be read page by page; narrow the query for others");
        }
        try {
            QueryReader reader = new QueryReader(registry.vocabulary(recordType, disclosure));
            return new Understood(
                    number,
                    recordType,
                    new Question(recordType, reader.read(item.queryType(), item.query()), item.sort(), page));
        } catch (QueryRefused refused) {
            throw new ItemRejected(ReasonCode.SEARCH_CRITERIA_INVALID, String.valueOf(refused.getMessage()));
        }
    }

    private static SearchResponse.Answer answer(
            SearchItem item, ServedRegistry registry, Understood asked, Reply reply) {
        return switch (reply) {
            case Reply.Refused refused ->
                new SearchResponse.Rejected(item.referenceId(), item.locale(), refused.rejection());
            case Reply.Records found ->
                new SearchResponse.Found(
                        item.referenceId(),
                        item.locale(),
                        registry.kind().type(),
                        asked.recordType(),
                        found.records(),
                        asked.question().page(),
                        found.total());
        };
    }

    /** What a consent or an authorisation names; empty where neither does. */
    static String purpose(SearchItem item) {
        for (ObjectNode stated : new ObjectNode[] {item.consent(), item.authorize()}) {
            if (stated != null) {
                JsonNode code = stated.path("purpose").path("code");
                if (code.isString()) {
                    return LocalName.of(code.asString());
                }
            }
        }
        return "";
    }

    private static AuditEvent disclosed(
            Partner partner, ServedRegistry registry, String correlationId, String purpose, List<Reply> replies) {
        RowDigest digest = new RowDigest();
        for (Reply reply : replies) {
            if (reply instanceof Reply.Records found) {
                for (ObjectNode record : found.records()) {
                    digest.add(record.path("@id").asString(""));
                }
            }
        }
        return AuditEvent.of(partner.asActor(), "exchange.disclose", "registry/" + registry.prefix())
                .because("correlation/" + correlationId)
                .touching(digest.rows())
                .resultingIn(digest.finish())
                .with("questions", replies.size())
                .with("purpose", purpose);
    }
}
