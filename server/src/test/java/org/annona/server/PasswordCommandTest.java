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
import org.annona.access.Grants;
import org.annona.access.Login;
import org.annona.access.Role;
import org.annona.access.SignInPlace;
import org.annona.access.Users;
import org.annona.foundation.problem.Problem;
import org.annona.server.command.AdministratorCommand;
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

    @Test
    void an_only_administrator_gets_a_second_one_from_the_machine_itself() {
        try (TestInstallations installations = new TestInstallations()) {
            Settings settings = installations.settings("alone", Map.of());
            try (Installation installation = Installation.open(settings);
                    RunningServer server =
                            RunningServer.start(settings, installation, TestInstallations::withProgrammes)) {
                Users users = server.part(Users.class);
                users.createIfAbsent("root", "Root", Set.of(Role.ADMINISTRATOR), FORGOTTEN, false);
                Grants grants = server.part(Grants.class);
                assertThat(grants.isAlone(users.find("root").orElseThrow().actor()))
                        .isTrue();

                Matcher told = Pattern.compile("The password is (\\S+) ")
                        .matcher(printed(() -> AdministratorCommand.run(List.of("second"), settings)));

                assertThat(told.find()).isTrue();
                assertThat(server.part(Login.class)
                                .check("second", told.group(1), SignInPlace.of("192.0.2.1"))
                                .mustChangePassword())
                        .isTrue();
                assertThat(grants.isAlone(users.find("root").orElseThrow().actor()))
                        .isFalse();
                assertThatThrownBy(() -> AdministratorCommand.run(List.of("root"), settings))
                        .hasMessageContaining("already a user");
            }
        }
    }

    private static String printed(Settings settings, String name) {
        return printed(() -> PasswordCommand.run(List.of(name), settings));
    }

    private static String printed(Runnable command) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            command.run();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
