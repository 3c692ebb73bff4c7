/** A stand-in for a registry of beneficiaries that another ministry keeps, with a book of its own. */
@NullMarked
package org.annona.simulators.ibr;

import org.jspecify.annotations.NullMarked;
