/** Partners: other systems, their keys, policies and limits, and what they may be told. */
@NullMarked
package org.annona.exchange.partner;

import org.jspecify.annotations.NullMarked;
