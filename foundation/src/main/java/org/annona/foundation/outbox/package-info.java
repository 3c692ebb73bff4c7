/** Messages that are committed with the change that causes them. */
@NullMarked
package org.annona.foundation.outbox;

import org.jspecify.annotations.NullMarked;
