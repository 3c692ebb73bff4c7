package org.annona.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {

    private static final ServerWorld WORLD = ServerWorld.copy();

    @AfterAll
    static void close() {
        WORLD.close();
    }

    @Test
    void run_again_the_demo_pays_nobody_again() throws SQLException {
        ServerWorld world = WORLD;
        var before = world.bank.book();
        long transfers = count(world, "payments.transfer");
        long people = count(world, "registry.person");

        boolean sound = world.demo().run(world.folder.resolve("sample"), ServerWorld.PEOPLE, ServerWorld.SEED);

        assertThat(sound).isTrue();
        assertThat(world.bank.book().paidCount()).isEqualTo(before.paidCount()).isPositive();
        assertThat(count(world, "payments.transfer")).isEqualTo(transfers);
        assertThat(count(world, "registry.person")).isEqualTo(people);
    }

    @Test
    void the_bank_of_the_demo_refused_and_took_back_some_payments() {
        var book = WORLD.bank.book();

        assertThat(book.rejectedCount()).isPositive();
        assertThat(book.returnedCount()).isPositive();
        assertThat(book.accountsPaidTwice()).isZero();
    }

    @Test
    void the_same_seed_gives_the_same_country_and_another_seed_another_one(@TempDir Path folder) throws Exception {
        var one = SampleCountry.write(folder.resolve("one"), 500, 3);
        var same = SampleCountry.write(folder.resolve("same"), 500, 3);
        var other = SampleCountry.write(folder.resolve("other"), 500, 4);

        assertThat(Files.mismatch(one.people(), same.people())).isEqualTo(-1);
        assertThat(Files.mismatch(one.people(), other.people())).isNotEqualTo(-1);
    }

    private static long count(ServerWorld world, String table) throws SQLException {
        try (Connection admin = world.installation.address().connectAsAdmin();
                Statement sql = admin.createStatement();
                ResultSet rows = sql.executeQuery("select count(*) from " + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
