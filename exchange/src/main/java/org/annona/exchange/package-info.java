/**
 * What all our servers of standards share: partners and what they may know, keys, tokens, messages in and out, callbacks and
 * subscriptions. A block that wants to be asked over DCI provides a {@link org.annona.exchange.ServedRegistry}.
 */
@NullMarked
package org.annona.exchange;

import org.jspecify.annotations.NullMarked;
