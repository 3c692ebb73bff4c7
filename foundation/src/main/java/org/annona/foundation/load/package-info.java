/** Bounds on how much is done at once. */
@NullMarked
package org.annona.foundation.load;

import org.jspecify.annotations.NullMarked;
