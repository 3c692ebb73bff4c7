/** Build tool that writes a block's table classes from its own migrations. */
@NullMarked
package org.annona.codegen;

import org.jspecify.annotations.NullMarked;
