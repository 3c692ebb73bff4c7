package org.annona.registry;

import java.util.Currency;

/**
 * @param phoneRegion ISO 3166 code of the country whose phone numbers may be written without country code
 * @param currency of incomes
 * @param keepFilesDays after how many days the content of imported files is forgotten
 */
public record RegistrySettings(String phoneRegion, Currency currency, int keepFilesDays) {}
