/** Events that partners want to be told of. */
@NullMarked
package org.annona.exchange.subscription;

import org.jspecify.annotations.NullMarked;
