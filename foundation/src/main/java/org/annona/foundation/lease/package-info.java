/** Rows that one of several processes works on for a while. */
@NullMarked
package org.annona.foundation.lease;

import org.jspecify.annotations.NullMarked;
