package org.annona.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.annona.foundation.sealing.Keyring;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

class InstallationKeyTest {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void a_missing_or_wrong_key_beside_a_data_folder_is_refused_and_not_replaced() throws Exception {
        Settings settings = Settings.from(Map.of("ANNONA_DATA", folder.toString(), "ANNONA_BLOCKS", "registry,tokens"));
        open(settings);
        Path file = folder.resolve("master.key");
        String key = Files.readString(file);

        Files.delete(file);
        assertThatThrownBy(() -> Installation.open(settings))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("The master key is missing")
                .hasMessageContaining("Put the key back");
        assertThat(file).doesNotExist();

        Files.writeString(file, TestInstallations.OTHER_KEY);
        Instant begun = Instant.now();
        assertThatThrownBy(() -> Installation.open(settings))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("The master key does not belong to the data");
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(40));
        assertThat(file).hasContent(TestInstallations.OTHER_KEY);

        Files.writeString(file, key);
        open(settings);
    }

    @Test
    void a_missing_or_wrong_key_beside_a_database_is_refused_and_no_password_changes() {
        try (TestInstallations installations = new TestInstallations()) {
            open(installations.settings("installation", Map.of()));
            List<String> passwords = passwords(installations);
            Map<String, String> contents = installations.contents("installation");

            Settings missing = installations.settings("installation", Map.of("ANNONA_MASTER_KEY", ""));
            assertThatThrownBy(() -> Installation.open(missing))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("The master key is missing");
            assertThat(installations.folder("installation").resolve("master.key"))
                    .doesNotExist();

            Settings wrong =
                    installations.settings("installation", Map.of("ANNONA_MASTER_KEY", TestInstallations.OTHER_KEY));
            assertThatThrownBy(() -> Installation.open(wrong))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("The master key does not belong to the data");

            assertThat(passwords).hasSizeGreaterThan(5);
            assertThat(passwords(installations)).isEqualTo(passwords);
            assertThat(installations.contents("installation")).isEqualTo(contents);
            open(installations.settings("installation", Map.of()));
        }
    }

    private static List<String> passwords(TestInstallations installations) {
        return installations.column(
                "installation",
                "select rolpassword from pg_authid where rolname like 'annona%' and rolcanlogin order by 1");
    }

    /** Until the first value could be sealed. */
    private static void open(Settings settings) {
        try (Installation installation = Installation.open(settings)) {
            new Keyring(installation.database("foundation"), installation.masterKey()).sealer("registry.person");
        }
    }
}
