/** Partners find out which of their people are enrolled here, and we do not learn whom they ask for (docs/decisions/0016). */
@NullMarked
package org.annona.programs.matching;

import org.jspecify.annotations.NullMarked;
