/** Registries of partners that this installation asks. */
@NullMarked
package org.annona.exchange.asking;

import org.jspecify.annotations.NullMarked;
