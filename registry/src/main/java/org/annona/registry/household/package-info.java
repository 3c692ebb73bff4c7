/** Households and who belongs to them since when. */
@NullMarked
package org.annona.registry.household;

import org.jspecify.annotations.NullMarked;
