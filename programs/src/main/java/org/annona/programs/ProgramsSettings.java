package org.annona.programs;

import java.util.Currency;

/** @param currency of the incomes that rules compare with, and of every programme */
public record ProgramsSettings(Currency currency) {}
