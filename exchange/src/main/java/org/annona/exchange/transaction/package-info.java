/** Messages that were received, what is answered to them, and how far they are. */
@NullMarked
package org.annona.exchange.transaction;

import org.jspecify.annotations.NullMarked;
