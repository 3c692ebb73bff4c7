/** Long work that survives the process that does it. */
@NullMarked
package org.annona.foundation.job;

import org.jspecify.annotations.NullMarked;
