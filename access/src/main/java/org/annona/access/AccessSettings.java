package org.annona.access;

import java.time.Duration;

/**
 * @param secureCookies send the session cookie over HTTPS only; false only where the server listens on loopback
 * @param idle a session ends after this time without a request
 */
public record AccessSettings(boolean secureCookies, Duration idle) {}
