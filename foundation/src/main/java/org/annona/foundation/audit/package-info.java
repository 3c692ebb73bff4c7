/** The append-only, hash-chained record of who did what. */
@NullMarked
package org.annona.foundation.audit;

import org.jspecify.annotations.NullMarked;
