/** The token seeder over HTTP. */
@NullMarked
package org.annona.tokens.seeder;

import org.jspecify.annotations.NullMarked;
