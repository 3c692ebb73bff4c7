package org.annona.console;

import java.time.ZoneId;

/**
 * @param country shown at the top of every page
 * @param zone in which times are shown
 */
public record ConsoleSettings(String country, ZoneId zone) {}
