/** Searching: what is asked in a message, item by item, and what is answered (DCI reference, sections 6 to 8). */
@NullMarked
package org.annona.interop.search;

import org.jspecify.annotations.NullMarked;
