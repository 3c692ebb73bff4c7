package org.annona.postgres;

/** Gives each role its password; the same role always has the same one, so that every process can log in. */
@FunctionalInterface
public interface RolePasswords {

    String of(String role);
}
