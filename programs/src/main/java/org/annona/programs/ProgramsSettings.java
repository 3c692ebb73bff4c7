package org.annona.programs;

import java.time.Duration;
import java.util.Currency;

/**
 * @param currency of the incomes that rules compare with, and of every programme
 * @param accountConcernPercent above this share of the lines of a cycle, new and shared accounts keep the whole list from approval
 * @param firstRetry the pause after the first failure of another registry; it doubles each time
 */
public record ProgramsSettings(Currency currency, int accountConcernPercent, Duration firstRetry) {}
