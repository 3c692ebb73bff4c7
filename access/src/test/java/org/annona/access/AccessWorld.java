package org.annona.access;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.annona.foundation.database.Database;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.MasterKey;
import org.annona.postgres.DatabaseAddress;
import org.annona.testing.TestPostgres;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/** Everything of this block over a database of its own. */
final class AccessWorld {

    static final String GOOD = "seven green lamps";
    static final int MOST_ROWS = 400;
    private static final PasswordEncoder QUICK = new Argon2PasswordEncoder(16, 32, 1, 64, 1);

    private final DatabaseAddress address = TestPostgres.with("foundation", "access");
    final Database database = open("access");
    final Keyring keyring = new Keyring(open("foundation"), MasterKey.random());
    final SettableClock clock = new SettableClock();
    final List<String> loggedOut = new ArrayList<>();
    final Permissions permissions = new Permissions(
            Stream.<Permission>concat(Stream.of(AccessPermission.values()), Stream.of(TestPermission.values()))
                    .toList());
    final Roles roles = new Roles(database, permissions, clock);
    final Grants grants = new Grants(database, roles, clock, loggedOut::add);
    final Organisations organisations = new Organisations(database);
    final Users users = new Users(database, grants, QUICK, clock, loggedOut::add);
    final Devices devices = new Devices(keyring.blindIndex("access.device"), clock, false);
    final LoginThrottle throttle =
            new LoginThrottle(database, keyring.blindIndex("access.login"), devices, clock, MOST_ROWS);
    final Login login = new Login(users, QUICK, throttle, clock);
    final Lockouts lockouts = new Lockouts(database, clock);
    final PasswordResets resets = new PasswordResets(
            database, users, devices, keyring.blindIndex("access.reset"), keyring.sealer("access.reset"), clock);

    private Database open(String schema) {
        return Database.open(address, TestPostgres.ROLES, TestPostgres.PASSWORDS, schema, 4);
    }

    /** The only one of a user. */
    UUID grantOf(String user) {
        return users.find(user).orElseThrow().grants().getFirst().id();
    }

    /** The audit trail of this block, oldest first, as {@code action subject}. */
    List<String> trail() {
        return database.sql()
                .fetch(
                        "select action || ' ' || subject from foundation.audit_entry where chain = 'access' order by seq")
                .getValues(0, String.class);
    }

    long rows(String table) {
        return database.sql().fetchCount(org.jooq.impl.DSL.table(table));
    }
}
