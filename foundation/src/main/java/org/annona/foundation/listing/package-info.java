/** Lists by keyset: sorted, filtered, paged without OFFSET. */
@NullMarked
package org.annona.foundation.listing;

import org.jspecify.annotations.NullMarked;
