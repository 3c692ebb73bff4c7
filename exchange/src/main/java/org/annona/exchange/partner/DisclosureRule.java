package org.annona.exchange.partner;

import org.annona.exchange.Disclosure;

/**
 * What a partner may be told of one registry.
 *
 * @param registry its prefix
 * @param purpose the code that a consent names; empty for searches that name none
 */
public record DisclosureRule(String registry, String purpose, Disclosure disclosure) {}
