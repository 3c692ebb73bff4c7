/** Sentences by key and language. */
@NullMarked
package org.annona.foundation.text;

import org.jspecify.annotations.NullMarked;
