package org.annona.registry.pull;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.Step;
import org.annona.foundation.job.Work;
import org.annona.registry.identifier.RegistryKeys;
import org.annona.registry.importing.Imports;
import org.annona.registry.source.DataSource;
import org.annona.registry.source.DataSources;
import org.annona.registry.source.SourceClient;

/**
 * Fetches the records of a source and writes them down, sealed, as the list of an import (reference IM-6 to IM-12). What it has is
 * kept with each page, so that it goes on from there after whatever happens.
 */
public final class FetchRecords implements Work {

    static final String KIND = "registry.fetch-records";

    private final Database database;
    private final RegistryKeys keys;
    private final DataSources sources;
    private final IdentifierLists lists;
    private final Imports imports;
    private final Duration firstPause;
    private final Clock clock;

    /** @param firstPause after a failure; it doubles with each */
    public FetchRecords(
            Database database,
            RegistryKeys keys,
            DataSources sources,
            Imports imports,
            Duration firstPause,
            Clock clock) {
        this.database = database;
        this.keys = keys;
        this.sources = sources;
        this.lists = new IdentifierLists(database, keys);
        this.imports = imports;
        this.firstPause = firstPause;
        this.clock = clock;
    }

    /** @param termsSealed as they were when the run began; base64 */
    record Run(UUID importId, UUID sourceId, String termsSealed) {

        static Run sealed(RegistryKeys keys, UUID importId, UUID sourceId, PullTerms terms) {
            byte[] sealed = keys.seal(RegistryKeys.PULL_TERMS, importId, terms.written());
            return new Run(importId, sourceId, Base64.getEncoder().encodeToString(sealed));
        }

        PullTerms terms(RegistryKeys keys) {
            byte[] sealed = Base64.getDecoder().decode(termsSealed);
            return PullTerms.read(keys.openText(RegistryKeys.PULL_TERMS, importId, sealed));
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Step step(JobRun run) {
        Run order = run.input(Run.class);
        if (imports.isGivenUp(order.importId())) {
            return run.chunk(database, tx -> Progress.finished("given up"));
        }
        DataSource source = sources.get(order.sourceId());
        FetchStrategy way = way(run, order, source);
        try (SourceClient client = sources.open(source)) {
            while (true) {
                Step step = way.next(run, client);
                if (step != Step.CONTINUE || run.shouldPause()) {
                    return step;
                }
            }
        } catch (IOException open) {
            throw new IllegalStateException(open);
        }
    }

    private FetchStrategy way(JobRun run, Run order, DataSource source) {
        PullTerms terms = order.terms(keys);
        FetchedRecords book = new FetchedRecords(database, keys, imports, order.importId(), terms);
        FetchStrategy.Patience patience = new FetchStrategy.Patience(firstPause, source.name());
        int pageSize = source.terms().pageSize();
        return switch (terms.question().language()) {
            case GRAPHQL ->
                new OffsetPages(
                        database,
                        book,
                        patience,
                        terms,
                        pageSize,
                        run.cursor(OffsetPages.Position.class, OffsetPages.Position.START),
                        clock);
            case EXPRESSION, PREDICATE ->
                new NumberedPages(
                        database,
                        book,
                        patience,
                        terms.question(),
                        run.cursor(NumberedPages.Position.class, NumberedPages.Position.start(pageSize)),
                        clock);
            case IDENTIFIERS ->
                new ListedIdentifiers(
                        database,
                        book,
                        patience,
                        terms.question(),
                        lists.open(terms.question()),
                        run.cursor(ListedIdentifiers.Position.class, ListedIdentifiers.Position.start(pageSize)),
                        clock);
        };
    }
}
