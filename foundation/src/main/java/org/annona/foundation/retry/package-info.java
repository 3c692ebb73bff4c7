/** How long work pauses before it is tried again. */
@NullMarked
package org.annona.foundation.retry;

import org.jspecify.annotations.NullMarked;
