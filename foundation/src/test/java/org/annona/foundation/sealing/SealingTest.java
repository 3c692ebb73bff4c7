package org.annona.foundation.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.annona.foundation.TestDatabases;
import org.annona.foundation.database.Database;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealingTest {

    private static final String NAME = "registry.person.name";

    private final Database database = TestDatabases.fresh();
    private final MasterKey master = MasterKey.random();
    private final Keyring keyring = new Keyring(database, master);

    @Test
    void a_sealed_name_is_read_again_by_another_process_with_the_same_key() {
        UUID row = UUID.randomUUID();
        byte[] sealed = keyring.sealer("registry.person").seal(NAME, row, "ጸጋዬ አበበ");
        Sealer elsewhere = new Keyring(database, master).sealer("registry.person");
        assertThat(elsewhere.openText(NAME, row, sealed)).isEqualTo("ጸጋዬ አበበ");
    }

    @Test
    void a_value_that_was_moved_to_another_row_or_column_is_not_read() {
        UUID row = UUID.randomUUID();
        Sealer sealer = keyring.sealer("registry.person");
        byte[] sealed = sealer.seal(NAME, row, "Amina");
        assertThatThrownBy(() -> sealer.open(NAME, UUID.randomUUID(), sealed)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> sealer.open("registry.person.email", row, sealed))
                .isInstanceOf(Problem.class);
        sealed[sealed.length - 1] ^= 1;
        assertThatThrownBy(() -> sealer.open(NAME, row, sealed))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo(FoundationProblem.SEALED_VALUE_DAMAGED));
    }

    @Test
    void the_same_value_is_sealed_differently_each_time_but_indexed_alike() {
        UUID row = UUID.randomUUID();
        Sealer sealer = keyring.sealer("registry.person");
        assertThat(sealer.seal(NAME, row, "Amina")).isNotEqualTo(sealer.seal(NAME, row, "Amina"));
        BlindIndex index = keyring.blindIndex("registry.identifier");
        assertThat(index.of("national", "123")).isEqualTo(index.of("national", "123"));
        assertThat(index.of("national", "123")).isNotEqualTo(index.of("passport", "123"));
        assertThat(index.of("national", "123"))
                .isNotEqualTo(keyring.blindIndex("registry.phone").of("national", "123"));
    }

    @Test
    void another_master_key_is_told_apart_from_damaged_data() {
        keyring.sealer("registry.person");
        Keyring wrong = new Keyring(database, MasterKey.random());
        assertThatThrownBy(() -> wrong.sealer("registry.person"))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.code()).isEqualTo(FoundationProblem.WRONG_MASTER_KEY));
    }

    @Test
    void the_key_file_is_made_once_and_for_its_owner_only(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("keys/master.key");
        MasterKey first = MasterKey.newInFile(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(MasterKey.newInFile(file).password("x")).isEqualTo(first.password("x"));
        assertThat(first.toString()).doesNotContain(Files.readString(file).strip());
    }

    @Test
    void a_sensitive_value_does_not_show_itself() {
        assertThat(Sensitive.of("Amina")).hasToString("•••");
    }
}
