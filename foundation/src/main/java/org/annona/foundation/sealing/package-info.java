/** Personal data at rest: sealed values and blind indexes. */
@NullMarked
package org.annona.foundation.sealing;

import org.jspecify.annotations.NullMarked;
