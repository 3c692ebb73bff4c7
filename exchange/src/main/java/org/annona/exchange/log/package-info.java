/** Every message in either direction, without what it holds. */
@NullMarked
package org.annona.exchange.log;

import org.jspecify.annotations.NullMarked;
