/** Our own keys: made, sealed, published, rotated, and used for what leaves. */
@NullMarked
package org.annona.exchange.keys;

import org.jspecify.annotations.NullMarked;
