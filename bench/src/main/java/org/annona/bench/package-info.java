/** Measurements of what Annona promises. */
@NullMarked
package org.annona.bench;

import org.jspecify.annotations.NullMarked;
