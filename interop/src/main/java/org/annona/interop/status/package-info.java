/** How far a transaction is: what is asked about it and what is answered (DCI reference R10.15 to R10.17). */
@NullMarked
package org.annona.interop.status;

import org.jspecify.annotations.NullMarked;
