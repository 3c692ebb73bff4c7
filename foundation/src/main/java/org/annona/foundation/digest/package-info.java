/** Digests over many rows in a fixed order. */
@NullMarked
package org.annona.foundation.digest;

import org.jspecify.annotations.NullMarked;
