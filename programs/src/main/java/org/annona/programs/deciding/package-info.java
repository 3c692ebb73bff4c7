/** Decisions on prepared things, with what follows from them; and the pages on which people decide. */
@NullMarked
package org.annona.programs.deciding;

import org.jspecify.annotations.NullMarked;
