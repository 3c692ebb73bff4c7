/** Checks every message to our servers in the order of DCI reference R2.6, and gives it to the handler of its operation. */
@NullMarked
package org.annona.exchange.inbound;

import org.jspecify.annotations.NullMarked;
