/** Cycles: the frozen roster, entitlements, and what became of the payments. */
@NullMarked
package org.annona.programs.cycle;

import org.jspecify.annotations.NullMarked;
