package org.annona.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.annona.access.Login;
import org.annona.access.Role;
import org.annona.access.SignInPlace;
import org.annona.access.Users;
import org.annona.foundation.problem.Problem;
import org.annona.server.command.PasswordCommand;
import org.junit.jupiter.api.Test;

class PasswordCommandTest {

    private static final String FORGOTTEN = "seven green lamps";

    @Test
    void the_only_administrator_who_forgot_the_password_comes_in_again_from_the_machine_itself() {
        try (TestInstallations installations = new TestInstallations()) {
            Settings settings = installations.settings("forgotten", Map.of());
            try (Installation installation = Installation.open(settings);
                    RunningServer server =
                            RunningServer.start(settings, installation, TestInstallations::withProgrammes)) {
                Users users = server.part(Users.class);
                users.createIfAbsent("root", "Root", Set.of(Role.ADMINISTRATOR), FORGOTTEN, false);
                users.createIfAbsent("amina", "Amina", Set.of(Role.REGISTRAR), FORGOTTEN, false);
                SignInPlace place = SignInPlace.of("192.0.2.1");
                Login login = server.part(Login.class);

                // Beside the running server.
                Matcher told =
                        Pattern.compile("The password of 'root' is (\\S+) ").matcher(printed(settings, "root"));

                assertThat(told.find()).isTrue();
                assertThat(login.check("root", told.group(1), place).mustChangePassword())
                        .isTrue();
                assertThatThrownBy(() -> login.check("root", FORGOTTEN, place)).isInstanceOf(Problem.class);
                assertThatThrownBy(() -> printed(settings, "amina")).hasMessageContaining("no administrator");
                assertThatThrownBy(() -> printed(settings, "nobody")).hasMessageContaining("no user called");
                assertThat(login.check("amina", FORGOTTEN, place).name()).isEqualTo("amina");
                assertThat(installations.column(
                                "forgotten",
                                "select subject from foundation.audit_entry where actor = 'operator' and action ="
                                        + " 'access.user.first_password'"))
                        .containsExactly("user/root");
            }
        }
    }

    private static String printed(Settings settings, String name) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            PasswordCommand.run(List.of(name), settings);
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
