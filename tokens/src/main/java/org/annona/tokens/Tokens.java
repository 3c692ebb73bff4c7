package org.annona.tokens;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.job.JobView;
import org.annona.foundation.job.Jobs;
import org.annona.tokens.connector.Connector;
import org.annona.tokens.connector.Connectors;
import org.annona.tokens.retention.RetentionRules;
import org.annona.tokens.tokenisation.Tokenisations;

/** What this block does for others: the operations that people start. */
public final class Tokens {

    private final Connectors connectors;
    private final Tokenisations tokenisations;
    private final RetentionRules retention;
    private final Jobs jobs;

    Tokens(Connectors connectors, Tokenisations tokenisations, RetentionRules retention, Jobs jobs) {
        this.connectors = connectors;
        this.tokenisations = tokenisations;
        this.retention = retention;
        this.jobs = jobs;
    }

    /** @param secrets headers for the way to the seeder, such as the key of a gateway; kept sealed */
    public UUID createConnector(Actor actor, String name, ConnectorTerms terms, Map<String, String> secrets) {
        return connectors.create(actor, name, terms, secrets);
    }

    public void start(Actor actor, UUID connector) {
        connectors.start(actor, connector);
    }

    public void stop(Actor actor, UUID connector) {
        connectors.stop(actor, connector);
    }

    public Optional<ConnectorStatus> connector(Actor actor, String name) {
        actor.require(TokensPermission.VIEW);
        return connectors.findByName(name).map(this::status);
    }

    private ConnectorStatus status(Connector connector) {
        boolean running = jobs.ofSubject(connector.subject(), 1).stream()
                .map(JobView::state)
                .anyMatch(state -> !state.isEnded());
        return new ConnectorStatus(
                connector.id(),
                connector.name(),
                connector.state().code(),
                connector.reason(),
                connector.run(),
                running,
                tokenisations.countByState(connector.id()));
    }

    /** @param active whether it takes anything away by itself */
    public UUID createRetentionRule(Actor actor, String name, boolean active, RetentionTerms terms) {
        return retention.create(actor, name, active, terms);
    }

    /** @param dryRun only counts */
    public UUID sweep(Actor actor, UUID rule, boolean dryRun) {
        return retention.sweep(actor, rule, dryRun);
    }
}
