/** Public keys of partners and private keys of ours. */
@NullMarked
package org.annona.interop.key;

import org.jspecify.annotations.NullMarked;
