/** Being told of events: subscribing, notifying and ending it (DCI reference R10.9 to R10.14). */
@NullMarked
package org.annona.interop.subscription;

import org.jspecify.annotations.NullMarked;
