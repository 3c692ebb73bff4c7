package org.annona.exchange;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Messages in which something is spoiled, most of them signed by a partner who may send them. */
public final class Nonsense {

    private static final String ITEM = "{'reference_id':'r','timestamp':'2026-01-15T10:30:00Z','locale':'eng',"
            + "'search_criteria':{'version':'1.0.0','reg_type':'ns:org:RegistryType:Social','reg_record_type':'Member',"
            + "'query_type':'expression','query':{'type':'ns:org:QueryType:expression','value':{'expression':"
            + "{'collection':'Member','query':{'$and':[{'sex':{'$eq':'female'}},{'birth_date':{'$lt':'2000-01-01'}}]}}}},"
            + "'sort':[{'attribute_name':'birth_date','sort_order':'asc'}],"
            + "'pagination':{'page_size':2,'page_number':1},"
            + "'consent':{'@type':'Consent','purpose':{'code':'','text':'x'}}}}";
    private static final String PREDICATE = "{'reference_id':'p','timestamp':'2026-01-15T10:30:00Z','search_criteria':"
            + "{'query_type':'predicate','query':[{'seq_num':1,'expression1':{'attribute_name':'sex','operator':'eq',"
            + "'attribute_value':'male'},'condition':'not','expression2':{'attribute_name':'birth_date',"
            + "'operator':'gt','attribute_value':'1990-01-01'}}],'pagination':{'page_size':1}}}";
    private static final String SEARCH = "{'transaction_id':'t','search_request':[" + ITEM + "," + PREDICATE + "]}";
    private static final String SUBSCRIBE = "{'transaction_id':'t','subscribe_request':[{'reference_id':'r',"
            + "'timestamp':'2026-01-15T10:30:00Z','subscribe_criteria':{'reg_event_type':'EARTHQUAKE','frequency':"
            + "{'start_time':'2026-01-15T10:30:00Z','end_time':'2027-01-15T10:30:00Z','frequency':'0 0 * * * ?'},"
            + "'filter_type':'expression','filter':{'sex':{'$eq':'female'}},'notify_record_type':'Member'}}]}";
    private static final String UNSUBSCRIBE =
            "{'transaction_id':'t','timestamp':'2026-01-15T10:30:00Z','subscription_codes':['sub-x']}";
    private static final String STATUS = "{'transaction_id':'t','txnstatus_request':{'reference_id':'r',"
            + "'txn_type':'search','attribute_type':'transaction_id','attribute_value':'t'}}";
    private static final String ENROLLED = "{'transaction_id':'t','enrolled_criteria':{'query_type':'expression',"
            + "'query':{'person_identifier':{'eq':'ABC451123'},'programme_identifier.programme_identifier':{'eq':'X'}}}}";
    private static final String ANSWER = "{'transaction_id':'t','correlation_id':'c','search_response':[]}";

    /** An operation with a message that it would take. */
    private record Base(String path, String action, String message) {}

    private static final List<Base> BASES = List.of(
            new Base("/registry/sync/search", "search", SEARCH),
            new Base("/registry/search", "search", SEARCH),
            new Base("/registry/subscribe", "subscribe", SUBSCRIBE),
            new Base("/registry/unsubscribe", "unsubscribe", UNSUBSCRIBE),
            new Base("/registry/txn/status", "txn-status", STATUS),
            new Base("/registry/sync/txn/status", "txn-status", STATUS),
            new Base("/registry/sync/enrolled", "search", ENROLLED),
            new Base("/registry/sync/enrollment/updates", "notify", ENROLLED),
            new Base("/registry/on-search", "on-search", ANSWER),
            new Base("/registry/on-subscribe", "on-subscribe", ANSWER),
            new Base("/registry/on-unsubscribe", "on-unsubscribe", ANSWER),
            new Base("/registry/txn/on-status", "txn-on-status", ANSWER),
            new Base("/registry/notify", "notify", ANSWER));

    /** What a registry itself looks at. */
    private static final List<Base> QUESTIONS = BASES.stream()
            .filter(base -> base.message().equals(SEARCH) || base.message().equals(ENROLLED))
            .toList();

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-1",
            "0",
            "1e400",
            "9999999999999999999999",
            "0.1",
            "\"\"",
            "\" \"",
            "\"'; drop table exchange.partner; --\"",
            "\"NUL\"",
            "\"\\ud83d\\ude00\"",
            "\"" + "x".repeat(1_000) + "\"",
            "[]",
            "{}",
            "[[[[[]]]]]",
            "[null]",
            "{\"$and\":[]}",
            "{\"$not\":{\"$not\":{}}}",
            "{\"$where\":\"1\"}",
            "\"2026-02-30T00:00:00Z\"",
            "\"2026-01-15T10:30:00+25:00\"",
            "\"9999999-01-01\"",
            "\"ns:org:QueryType:graphql\"",
            "{\"type\":\"UIN\",\"value\":{\"id_type\":\"UIN\"}}");

    private Nonsense() {}

    /** To any path of both registries. */
    public static HttpRequest.Builder request(PartnerSystem partner, Random random) {
        return request(partner, random, BASES);
    }

    /** To a path at which people and enrolments are asked for. */
    public static HttpRequest.Builder question(PartnerSystem partner, Random random) {
        return request(partner, random, QUESTIONS);
    }

    private static HttpRequest.Builder request(PartnerSystem partner, Random random, List<Base> bases) {
        Base base = bases.get(random.nextInt(bases.size()));
        String registry = random.nextBoolean() ? "sr" : "ibr";
        ObjectNode header = partner.header(base.action(), random.nextInt(3));
        JsonNode message = PartnerSystem.message(base.message());
        for (int i = random.nextInt(3); i >= 0; i--) {
            if (random.nextInt(4) == 0) {
                spoil(header, random);
            } else {
                spoil(message, random);
            }
        }
        byte[] body;
        if (random.nextInt(10) == 0) {
            body = partner.signed(header, message);
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        } else if (random.nextInt(20) == 0) {
            body = Arrays.copyOf(partner.signed(header, message), random.nextInt(200));
        } else {
            body = partner.signed(header, message);
        }
        body = new String(body, StandardCharsets.ISO_8859_1)
                .replace("\"NUL\"", "\"\\u0000\"")
                .getBytes(StandardCharsets.ISO_8859_1);
        String path = random.nextInt(50) == 0 ? "/registry/nonsense" : base.path();
        if (random.nextInt(20) == 0) {
            String action = random.nextInt(3) == 0 ? "nonsense" : base.action();
            String format = List.of("json", "csv", "xml", "").get(random.nextInt(4));
            return partner.form(
                    "/dci/" + registry + path, Map.of("action", action, "fileFormat", format, "message_id", "m"), body);
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(partner.base + "/dci/" + registry + path))
                .header("Content-Type", random.nextInt(50) == 0 ? "text/xml" : "application/json");
        if (random.nextInt(50) != 0) {
            request.header("Authorization", "Bearer " + partner.token());
        }
        return random.nextInt(50) == 0
                ? request.method("PUT", HttpRequest.BodyPublishers.ofByteArray(body))
                : request.POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    /** Replaces, removes or repeats something anywhere in the tree. */
    private static void spoil(JsonNode root, Random random) {
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        JsonNode container = containers.get(random.nextInt(containers.size()));
        JsonNode value = JsonMapper.shared().readTree(VALUES.get(random.nextInt(VALUES.size())));
        if (container instanceof ObjectNode object) {
            List<String> names = List.copyOf(object.propertyNames());
            String name = names.isEmpty() || random.nextInt(10) == 0 ? "x" : names.get(random.nextInt(names.size()));
            if (random.nextInt(4) == 0) {
                object.remove(name);
            } else {
                object.set(name, value);
            }
        } else if (container instanceof ArrayNode array) {
            switch (random.nextInt(3)) {
                case 0 -> array.add(value);
                case 1 -> array.removeAll();
                default -> array.addAll(array.deepCopy());
            }
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainer()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }
}
