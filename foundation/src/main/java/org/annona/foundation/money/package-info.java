/** Amounts in integer minor units of a currency. */
@NullMarked
package org.annona.foundation.money;

import org.jspecify.annotations.NullMarked;
