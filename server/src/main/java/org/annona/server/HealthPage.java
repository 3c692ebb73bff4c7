package org.annona.server;

import org.annona.foundation.database.Database;
import org.jooq.exception.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** For load balancers and scripts: 200 while requests can be served, 503 while the database is away. Tells nothing else. */
@Controller
final class HealthPage {

    private final Database database;

    HealthPage(Database database) {
        this.database = database;
    }

    @GetMapping("/health")
    ResponseEntity<String> health() {
        try {
            database.sql().selectOne().execute();
            return ResponseEntity.ok().contentType(MediaType.TEXT_PLAIN).body("ok\n");
        } catch (DataAccessException away) {
            return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                    .contentType(MediaType.TEXT_PLAIN)
                    .body("the database does not answer\n");
        }
    }
}
