/** Identity tokens: a connector to a token seeder, and the taking away of virtual IDs. This package is the block's face. */
@NullMarked
package org.annona.tokens;

import org.jspecify.annotations.NullMarked;
