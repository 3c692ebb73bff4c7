package org.annona.server.web;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.annona.foundation.database.Database;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * For load balancers and scripts: 200 while requests can be served, 503 while the database is away. Tells nothing else. The
 * database is asked by a connection that nobody else uses, once a second at most, however many ask here.
 */
@Controller
public final class HealthPage {

    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Database database;
    private @Nullable Look last;

    /** @param database with a connection for this alone */
    public HealthPage(Database database) {
        this.database = database;
    }

    private record Look(CompletableFuture<Boolean> answer, long begun) {

        boolean isFresh() {
            return !answer.isDone() || System.nanoTime() - begun < FRESH.toNanos();
        }
    }

    @GetMapping("/health")
    ResponseEntity<String> health() throws InterruptedException {
        if (answers()) {
            return ResponseEntity.ok().contentType(MediaType.TEXT_PLAIN).body("ok\n");
        }
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .contentType(MediaType.TEXT_PLAIN)
                .body("the database does not answer\n");
    }

    private boolean answers() throws InterruptedException {
        try {
            return look().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException silent) {
            return false;
        }
    }

    private synchronized CompletableFuture<Boolean> look() {
        if (last == null || !last.isFresh()) {
            CompletableFuture<Boolean> answer = new CompletableFuture<>();
            last = new Look(answer, System.nanoTime());
            Thread.ofVirtual().name("health").start(() -> answer.complete(databaseAnswers()));
        }
        return last.answer();
    }

    private boolean databaseAnswers() {
        try {
            database.sql().selectOne().execute();
            return true;
        } catch (DataAccessException away) {
            return false;
        }
    }
}
