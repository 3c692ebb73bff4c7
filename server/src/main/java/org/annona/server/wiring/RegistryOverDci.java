package org.annona.server.wiring;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.annona.exchange.ExchangeProblem;
import org.annona.exchange.asking.RemoteRegistries;
import org.annona.foundation.feed.FeedPart;
import org.annona.foundation.problem.Problem;
import org.annona.foundation.scope.AcrossOrganisations;
import org.annona.foundation.scope.Scope;
import org.annona.interop.client.DciClient;
import org.annona.interop.search.Outcome;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The registry of another installation, asked over DCI. Whatever is no answer throws, so that nobody takes it for "nothing". */
public final class RegistryOverDci {

    private static final String START = "start";
    private static final String CHANGES = "changes";
    private static final String REGISTRY = "sr";

    private final RemoteRegistries remotes;
    private final String partner;

    /** @param partner the sender id of the other installation */
    public RegistryOverDci(RemoteRegistries remotes, String partner) {
        this.remotes = remotes;
        this.partner = partner;
    }

    /** @param after an empty text for the beginning, then the position of the part before */
    <T> FeedPart<T> changes(String recordType, String after, int limit, Function<JsonNode, T> asRow) {
        String from = after.isEmpty() ? START : after;
        ObjectNode criteria = DciClient.byIdentifier("after", from, recordType);
        criteria.putObject("pagination").put("page_size", limit).put("page_number", 1);
        Outcome outcome = forAll(
                        () -> remotes.askBeside(partner, CHANGES, List.of(new DciClient.Question("changes", criteria))))
                .values()
                .iterator()
                .next();
        Outcome.Answered answered = answered(outcome);
        List<JsonNode> records = answered.records();
        if (answered.total() == null) {
            throw unknown("it does not say how much there is");
        }
        if (records.isEmpty()) {
            return new FeedPart<>(List.of(), from, false);
        }
        String position = records.getLast().path("position").asString("");
        if (position.isEmpty()) {
            throw unknown("it does not say up to where it told");
        }
        return new FeedPart<>(records.stream().map(asRow).toList(), position, answered.total() > records.size());
    }

    Map<String, Outcome> search(List<DciClient.Question> questions) {
        return forAll(() -> remotes.ask(partner, REGISTRY, questions));
    }

    /** The registry serves the programmes of all organisations, whichever one agreed with it. */
    private static <T> T forAll(Supplier<T> asking) {
        return Scope.across(AcrossOrganisations.PARTNERS).call(asking::get);
    }

    Outcome.Answered answered(Outcome outcome) {
        if (outcome instanceof Outcome.Answered answered) {
            return answered;
        }
        throw unknown(RemoteRegistries.reason(outcome));
    }

    Problem unknown(String reason) {
        return Problem.of(ExchangeProblem.REGISTRY_UNKNOWN, "partner", partner, "reason", reason);
    }
}
