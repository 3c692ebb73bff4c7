package org.annona.exchange.search;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.annona.exchange.Disclosure;
import org.annona.exchange.GraphqlRegistry;
import org.annona.exchange.ServedRegistry;
import org.annona.exchange.operation.Dialect;
import org.annona.exchange.operation.Handled;
import org.annona.exchange.operation.Message;
import org.annona.exchange.operation.SyncAnswers;
import org.annona.exchange.operation.SyncHandler;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.partner.TokenScope;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.digest.RowDigest;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.MessageStatus;
import org.annona.interop.message.Operation;
import org.annona.interop.message.Refusal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers GraphQL within a search. What is refused is refused with HTTP 4xx, because a peer takes everything else for the whole
 * truth. An answer is not kept: the same question may be asked again, and gets what holds then.
 */
public final class G2pConnectSearch implements SyncHandler<ServedRegistry> {

    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int MOST_ITEMS = 10;
    private static final int LONGEST_ID = 99;
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx");

    private final Partners partners;
    private final SyncAnswers answers;
    private final Clock clock;

    public G2pConnectSearch(Partners partners, SyncAnswers answers, Clock clock) {
        this.partners = partners;
        this.answers = answers;
        this.clock = clock;
    }

    @Override
    public Operation operation() {
        return Operation.SYNC_SEARCH;
    }

    @Override
    public TokenScope scope() {
        return TokenScope.SEARCH;
    }

    @Override
    public Class<ServedRegistry> registryType() {
        return ServedRegistry.class;
    }

    @Override
    public Dialect dialect() {
        return Dialect.G2P_CONNECT;
    }

    @Override
    public boolean takesFiles() {
        return false;
    }

    @Override
    public Handled handle(Message<ServedRegistry> message) {
        Partner partner = message.partner();
        GraphqlRegistry registry = message.registry()
                .asGraphql()
                .orElseThrow(() ->
                        Refusal.http(NOT_FOUND, ErrorCode.NOT_FOUND, "there is no registry that answers GraphQL"));
        Disclosure disclosure = disclosure(partner, registry);
        JsonNode items = message.content().path("search_request");
        if (!items.isArray() || items.isEmpty() || items.size() > MOST_ITEMS) {
            throw refused("search_request has to be a list of 1 to " + MOST_ITEMS + " items");
        }
        String correlationId = UUID.randomUUID().toString();
        ObjectNode content = JsonMapper.shared()
                .createObjectNode()
                .put("transaction_id", id(message.content(), "transaction_id"))
                .put("correlation_id", correlationId);
        ArrayNode answered = content.putArray("search_response");
        List<AuditEvent> audits = new ArrayList<>();
        for (JsonNode item : items) {
            String reference = id(item, "reference_id");
            GraphqlRegistry.Data data = data(partner, registry, item.path("search_criteria"), disclosure);
            answered.add(answered(reference, registry, data.data()));
            audits.add(disclosed(partner, registry, correlationId, data));
        }
        return answers.notKept(message, correlationId, content, items.size(), audits);
    }

    private Disclosure disclosure(Partner partner, GraphqlRegistry registry) {
        if (partner.terms().consentRequired()) {
            throw forbidden("a consent is demanded of the sender, and this dialect has no place for one; ask at /dci/"
                    + registry.prefix() + "/registry/sync/search");
        }
        Disclosure disclosure =
                partners.disclosures(partner.id(), registry.prefix()).get("");
        if (disclosure == null) {
            throw forbidden("nothing of this registry may be told to the sender");
        }
        return disclosure;
    }

    private static GraphqlRegistry.Data data(
            Partner partner, GraphqlRegistry registry, JsonNode criteria, Disclosure disclosure) {
        if (!criteria.path("query_type").asString("").equalsIgnoreCase("graphql")
                || !criteria.path("query").isString()) {
            throw refused("query_type has to be graphql, and query its text; other queries are answered at /dci/"
                    + registry.prefix() + "/registry/sync/search");
        }
        return switch (registry.graphql(
                partner.id().toString(),
                criteria.path("query").asString(),
                disclosure,
                partner.limits().pageSize())) {
            case GraphqlRegistry.Data data -> data;
            case GraphqlRegistry.Refused(String text, boolean forbidden) ->
                throw forbidden ? forbidden(text) : refused(text);
        };
    }

    private static Refusal refused(String text) {
        return Refusal.http(BAD_REQUEST, ErrorCode.BAD_REQUEST, text);
    }

    private static Refusal forbidden(String text) {
        return Refusal.http(FORBIDDEN, ErrorCode.FORBIDDEN, text);
    }

    private static String id(JsonNode json, String name) {
        String id = json.path(name).asString("");
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            throw refused(name + " has to have 1 to " + LONGEST_ID + " characters");
        }
        return id;
    }

    private ObjectNode answered(String reference, GraphqlRegistry registry, ObjectNode records) {
        ObjectNode answer = JsonMapper.shared()
                .createObjectNode()
                .put("reference_id", reference)
                .put("timestamp", TIMESTAMP.format(clock.instant().atOffset(ZoneOffset.UTC)))
                .put("status", MessageStatus.SUCCEEDED.code());
        answer.putObject("data")
                .put("version", "1.0.0")
                .put("reg_type", registry.kind().type())
                .set("reg_records", records);
        return answer;
    }

    private static AuditEvent disclosed(
            Partner partner, GraphqlRegistry registry, String correlationId, GraphqlRegistry.Data data) {
        RowDigest digest = new RowDigest();
        data.told().forEach(digest::add);
        return AuditEvent.of(partner.asActor(), "exchange.disclose", "registry/" + registry.prefix())
                .because("correlation/" + correlationId)
                .touching(digest.rows())
                .resultingIn(digest.finish())
                .with("dialect", "graphql");
    }
}
