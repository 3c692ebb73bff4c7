package org.annona.tokens.retention;

import static org.annona.tokens.internal.tables.Tables.RETENTION_RUN;

import java.util.List;
import java.util.UUID;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.JobRun;
import org.annona.foundation.job.Progress;
import org.annona.foundation.job.Step;
import org.annona.foundation.job.Work;
import org.annona.tokens.Subjects;
import org.annona.tokens.Subjects.Swept;
import org.jspecify.annotations.Nullable;

/**
 * Takes away what a rule says, part by part through its people. The registry looks at each again before it takes anything, so
 * that a part done twice does nothing twice.
 */
public final class RunRetention implements Work {

    static final String KIND = "tokens.sweep-rule";

    private static final int PEOPLE = 2_000;

    private final Database database;
    private final Subjects subjects;
    private final RetentionRules rules;

    public RunRetention(Database database, Subjects subjects, RetentionRules rules) {
        this.database = database;
        this.subjects = subjects;
        this.rules = rules;
    }

    record Order(UUID ruleId, int version, UUID runId, boolean dryRun) {}

    /** @param type place in the list of types that go */
    private record Position(int type, @Nullable UUID after) {
        static final Position START = new Position(0, null);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Step step(JobRun run) {
        Order order = run.input(Order.class);
        Position position = run.cursor(Position.class, Position.START);
        var terms = rules.version(order.ruleId(), order.version());
        boolean stillHolds = order.dryRun()
                || rules.find(order.ruleId())
                        .filter(rule -> rule.active() && rule.version() == order.version())
                        .isPresent();
        List<String> types = terms.types().stream().sorted().toList();
        if (position.type() == types.size() || !stillHolds) {
            return run.chunk(database, tx -> {
                rules.ended(tx, order.ruleId(), order.runId());
                return Progress.finished(stillHolds ? "everybody was looked at" : "the rule was changed");
            });
        }
        Swept swept = subjects.takeAway(
                terms.as(order.ruleId(), order.version()),
                types.get(position.type()),
                position.after(),
                PEOPLE,
                run.requestedBy(),
                order.dryRun());
        Position next = swept.last() == null
                ? new Position(position.type() + 1, null)
                : new Position(position.type(), swept.last());
        return run.chunk(database, tx -> {
            tx.update(RETENTION_RUN)
                    .set(RETENTION_RUN.PEOPLE, RETENTION_RUN.PEOPLE.plus(swept.people()))
                    .set(RETENTION_RUN.TAKEN, RETENTION_RUN.TAKEN.plus(swept.taken()))
                    .where(RETENTION_RUN.ID.eq(order.runId()))
                    .execute();
            return Progress.upTo(next).done(swept.people()).in(order.dryRun() ? "counting" : "taking away");
        });
    }

    @Override
    public void cancelled(JobRun run) {
        Order order = run.input(Order.class);
        database.transact(tx -> rules.ended(tx, order.ruleId(), order.runId()));
    }
}
