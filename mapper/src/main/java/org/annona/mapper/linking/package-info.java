/** Links between identities and financial addresses, their history and their resolution. */
@NullMarked
package org.annona.mapper.linking;

import org.jspecify.annotations.NullMarked;
