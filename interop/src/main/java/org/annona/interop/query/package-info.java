/** What partners ask a registry for, turned into the criteria of the foundation; what is not understood is refused. */
@NullMarked
package org.annona.interop.query;

import org.jspecify.annotations.NullMarked;
