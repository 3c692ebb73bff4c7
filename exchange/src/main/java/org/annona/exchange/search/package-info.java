/** Searches of partners: by the standard at once and later, and by G2P Connect. */
@NullMarked
package org.annona.exchange.search;

import org.jspecify.annotations.NullMarked;
