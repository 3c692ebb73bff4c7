/** What changed, in the order of the transactions: how a block offers it and how another one reads it. */
@NullMarked
package org.annona.foundation.feed;

import org.jspecify.annotations.NullMarked;
