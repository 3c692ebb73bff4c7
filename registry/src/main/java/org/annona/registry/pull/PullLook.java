package org.annona.registry.pull;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.annona.interop.message.ReasonCode;
import org.annona.registry.importing.PersonColumn;
import org.annona.registry.source.SourceAnswer;
import org.annona.registry.source.SourceClient;
import org.annona.registry.source.SourceReply;
import org.annona.registry.source.SourceSchema;
import tools.jackson.databind.JsonNode;

/** A look at a source with what is to be agreed: its first records as they would come, masked. Keeps nothing. */
final class PullLook {

    private static final int SAMPLE = 5;
    private static final Set<PersonColumn> PLAIN = Set.of(PersonColumn.SEX, PersonColumn.ROLE, PersonColumn.AREA);

    private final PullTerms terms;
    private final RecordMapping mapping;
    private final List<String> faults = new ArrayList<>();
    private final List<String> hints = new ArrayList<>();
    private final List<List<String>> sample = new ArrayList<>();
    private int shown;

    PullLook(PullTerms terms) {
        this.terms = terms;
        this.mapping = new RecordMapping(terms);
    }

    /** @param identifiers that would be asked for, where it is a list */
    Pulls.Report at(SourceClient client, List<String> identifiers) {
        if (terms.withoutIdentifier()) {
            hints.add("People without an identifier are taken too; they are known again by name, birth date, sex and"
                    + " household only.");
        }
        switch (terms.question().language()) {
            case GRAPHQL -> graph(client);
            case EXPRESSION, PREDICATE -> {
                hints.add("What fits may be a part only, so that nobody can be found to be missing at the source.");
                answered(client.ask(SearchText.page(terms.question(), SAMPLE, 1)));
            }
            case IDENTIFIERS -> list(client, identifiers);
        }
        return new Pulls.Report(
                faults, hints, terms.listed().stream().map(PersonColumn::label).toList(), sample);
    }

    private void graph(SourceClient client) {
        PullQuery query = PullQuery.read(terms.question().text());
        Set<String> fields = mapping.fields();
        query.leaves().stream()
                .filter(leaf -> !fields.contains(leaf))
                .forEach(leaf -> hints.add(leaf + " is not asked for, because nothing uses it."));
        if (!query.isUnfiltered()) {
            hints.add("The query has filters of its own, so that nobody can be found to be missing at the source.");
        }
        switch (SourceSchema.fetch(client)) {
            case SourceSchema.Known known ->
                known.schema()
                        .faults(query.document(terms.households(), 0, SAMPLE, fields))
                        .forEach(fault -> faults.add("Query: " + fault + "."));
            case SourceSchema.Untold(String reason) ->
                hints.add("The source does not tell its schema (" + reason + "), so that the query was not compared.");
        }
        if (faults.isEmpty()) {
            SourceAnswer answer = client.ask(query.page(terms.households(), 0, SAMPLE, fields));
            answered(
                    answer instanceof SourceAnswer.Data data
                            ? new SourceAnswer.Data(data.records().path(query.listed()), data.total(), data.date())
                            : answer);
        }
    }

    private void list(SourceClient client, List<String> identifiers) {
        hints.add(
                "Only the listed people are asked for, so that nobody else can be found to be missing at the source.");
        List<String> first = identifiers.subList(0, Math.min(SAMPLE, identifiers.size()));
        if (!asked(client, first, false)) {
            // It takes fewer at once.
            asked(client, first.subList(0, 1), true);
        }
    }

    /** @return false where it takes fewer at once, and that is no fault */
    private boolean asked(SourceClient client, List<String> identifiers, boolean alone) {
        return switch (client.ask(SearchText.identifiers(terms.question(), identifiers, SAMPLE))) {
            case SourceReply.Each(List<SourceAnswer> answers) -> {
                List<SourceAnswer> silent = answers.stream()
                        .filter(answer -> !(answer instanceof SourceAnswer.Data))
                        .toList();
                if (silent.size() == answers.size()) {
                    answered(silent.getFirst());
                    yield true;
                }
                if (!silent.isEmpty()) {
                    hints.add("Of " + answers.size() + " questions it rejects " + silent.size() + ".");
                }
                answers.stream()
                        .filter(SourceAnswer.Data.class::isInstance)
                        .map(SourceAnswer.Data.class::cast)
                        .forEach(data -> data.records().forEach(this::show));
                hintWhereEmpty();
                yield true;
            }
            case SourceReply.None(SourceAnswer.Refused(String reason))
            when !alone && reason.contains(ReasonCode.TOTAL_COUNT_LIMIT_EXCEEDED.code()) -> false;
            case SourceReply.None(SourceAnswer why) -> {
                answered(why);
                yield true;
            }
        };
    }

    private void answered(SourceAnswer answer) {
        switch (answer) {
            case SourceAnswer.Data data
            when !data.records().isArray() ->
                hints.add("The first records of the source cannot be read (its answer holds no list).");
            case SourceAnswer.Data data -> {
                data.records().forEach(this::show);
                hintWhereEmpty();
            }
            case SourceAnswer.RowFault(String reason) ->
                hints.add("The source stumbles over its first records (" + reason + "); a run goes around such.");
            case SourceAnswer.Garbled(String reason) ->
                hints.add("The first records of the source cannot be read (" + reason + "); a run goes around such.");
            case SourceAnswer.Passing(String reason, var after) ->
                faults.add("The source cannot be read now: " + reason + ".");
            case SourceAnswer.Refused(String reason) -> faults.add("The source refuses: " + reason + ".");
        }
    }

    private void hintWhereEmpty() {
        if (sample.isEmpty()) {
            hints.add("The source has no record that fits.");
        }
    }

    private void show(JsonNode record) {
        if (shown++ >= SAMPLE) {
            return;
        }
        mapping.rows(record).stream().map(this::masked).forEach(sample::add);
    }

    private List<String> masked(List<String> row) {
        List<String> masked = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            String value = row.get(i);
            boolean plain = PLAIN.contains(terms.listed().get(i)) || value.isEmpty();
            masked.add(plain ? value : value.substring(0, value.offsetByCodePoints(0, 1)) + "•••");
        }
        return masked;
    }
}
