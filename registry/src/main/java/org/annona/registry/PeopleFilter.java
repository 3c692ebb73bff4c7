package org.annona.registry;

import org.annona.foundation.criteria.odoo.DomainReader.Dialect;

/**
 * Some people of this registry.
 *
 * @param domain in Odoo's syntax (token seeder reference, part E)
 * @param identifierType they hold a current identifier of this type
 */
public record PeopleFilter(String domain, Dialect dialect, String identifierType) {}
