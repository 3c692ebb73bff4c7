/** Keys and references. */
@NullMarked
package org.annona.foundation.ids;

import org.jspecify.annotations.NullMarked;
