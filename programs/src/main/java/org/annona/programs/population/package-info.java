/** This block's own copy of the population, and what rules may ask about it. */
@NullMarked
package org.annona.programs.population;

import org.jspecify.annotations.NullMarked;
