package org.annona.access;

import org.jspecify.annotations.Nullable;

/**
 * From where a user signs in.
 *
 * @param address of the network
 * @param device the cookie of {@link Devices}, as the browser sent it
 */
public record SignInPlace(String address, @Nullable String device) {

    public static SignInPlace of(String address) {
        return new SignInPlace(address, null);
    }
}
