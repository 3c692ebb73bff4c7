package org.annona.demo;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.access.Users;
import org.annona.foundation.sealing.MasterKey;

/** One user for each role. Their passwords follow from the master key, so that every demo of an installation has the same. */
public final class DemoUsers {

    private static final Map<Role, String> NAMES = new EnumMap<>(Map.of(
            Role.ADMINISTRATOR, "root",
            Role.REGISTRAR, "registrar",
            Role.PROGRAMME_MANAGER, "manager",
            Role.APPROVER, "approver",
            Role.FINANCE_OFFICER, "finance",
            Role.AUDITOR, "auditor"));

    /** They decide what takes two people of a role. */
    private static final String SECOND_FINANCE = "finance2";

    private static final String SECOND_REGISTRAR = "registrar2";

    /** Accepts the roles that the first one asks for. */
    public static final String SECOND_ADMINISTRATOR = "root2";

    private final Users users;
    private final MasterKey key;

    public DemoUsers(Users users, MasterKey key) {
        this.users = users;
        this.key = key;
    }

    public void create() {
        NAMES.forEach((role, name) ->
                users.createIfAbsent(name, role.title() + " of the demo", Set.of(role), password(role), false));
        users.createIfAbsent(
                SECOND_FINANCE,
                "Second finance officer of the demo",
                Set.of(Role.FINANCE_OFFICER),
                password(Role.FINANCE_OFFICER),
                false);
        users.createIfAbsent(
                SECOND_ADMINISTRATOR,
                "Second administrator of the demo",
                Set.of(Role.ADMINISTRATOR),
                password(Role.ADMINISTRATOR),
                false);
        users.createIfAbsent(
                SECOND_REGISTRAR,
                "Second registrar of the demo",
                Set.of(Role.REGISTRAR),
                password(Role.REGISTRAR),
                false);
    }

    public Actor actor(Role role) {
        return users.find(name(role)).orElseThrow().actor();
    }

    public static String name(Role role) {
        return Objects.requireNonNull(NAMES.get(role));
    }

    public String password(Role role) {
        String letters = key.password("demo user " + role.code());
        return letters.substring(0, 4) + "-" + letters.substring(4, 8) + "-" + letters.substring(8, 12);
    }
}
