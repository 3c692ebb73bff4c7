package org.annona.programs.population;

import org.annona.foundation.database.Database;
import org.annona.foundation.feed.FeedReader;
import org.annona.foundation.job.JobOrder;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.Step;
import org.annona.foundation.job.Work;
import org.annona.foundation.outbox.OutboxMessage;
import org.annona.foundation.outbox.OutboxReceiver;

/** Fetches the changes of the population whenever the registry says that there are some. */
public final class RefreshPopulation implements Work, OutboxReceiver {

    private static final String KIND = "programs.refresh-population";

    private final Database database;
    private final PopulationRefresh refresh;
    private final String topic;

    /** @param topic of the message that something changed */
    public RefreshPopulation(Database database, PopulationRefresh refresh, String topic) {
        this.database = database;
        this.refresh = refresh;
        this.topic = topic;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String topic() {
        return topic;
    }

    private record Nothing() {}

    @Override
    public void receive(OutboxMessage message) {
        database.inTransaction(tx -> Jobs.order(
                tx,
                new JobOrder(
                        "programs",
                        KIND,
                        KIND + "/" + message.id(),
                        "Fetch changes of the population",
                        "population",
                        "system",
                        new Nothing())));
    }

    @Override
    public Step step(JobRun run) {
        FeedReader.Read fetched = refresh.fetch();
        return run.chunk(
                database,
                tx -> (fetched.more() ? Progress.upTo(new Nothing()) : Progress.finished("up to date"))
                        .done(fetched.rows())
                        .in("fetching"));
    }
}
