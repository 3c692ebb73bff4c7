/** Whose rows a piece of work may see. */
@NullMarked
package org.annona.foundation.scope;

import org.jspecify.annotations.NullMarked;
