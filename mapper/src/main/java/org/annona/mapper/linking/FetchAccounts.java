package org.annona.mapper.linking;

import org.annona.access.Actor;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.JobOrder;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.Step;
import org.annona.foundation.job.Work;
import org.annona.foundation.outbox.OutboxMessage;
import org.annona.foundation.outbox.OutboxReceiver;

/** Fetches accounts whenever their source says that something changed. */
public final class FetchAccounts implements Work, OutboxReceiver {

    private static final String KIND = "mapper.fetch-accounts";

    private final Database database;
    private final Links links;
    private final String topic;

    /** @param topic of the message that something changed */
    public FetchAccounts(Database database, Links links, String topic) {
        this.database = database;
        this.links = links;
        this.topic = topic;
    }

    private record Nothing() {}

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String topic() {
        return topic;
    }

    @Override
    public void receive(OutboxMessage message) {
        database.inTransaction(tx -> Jobs.order(
                tx,
                new JobOrder(
                        "mapper",
                        KIND,
                        KIND + "/" + message.id(),
                        "Fetch accounts",
                        "accounts",
                        Actor.SYSTEM,
                        new Nothing())));
    }

    @Override
    public Step step(JobRun run) {
        Links.Fetched fetched = links.fetch();
        return run.chunk(
                database,
                tx -> (fetched.more() ? Progress.upTo(new Nothing()) : Progress.finished("up to date"))
                        .done(fetched.rows())
                        .failed(fetched.unfit())
                        .in("fetching"));
    }
}
