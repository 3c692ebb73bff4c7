/** The door: every message to our servers is looked at here, in the order of DCI reference R2.6. */
@NullMarked
package org.annona.exchange.reception;

import org.jspecify.annotations.NullMarked;
