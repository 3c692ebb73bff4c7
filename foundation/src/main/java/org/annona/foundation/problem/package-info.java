/** Refusals: a stable code, a sentence for the reader and a remedy. */
@NullMarked
package org.annona.foundation.problem;

import org.jspecify.annotations.NullMarked;
