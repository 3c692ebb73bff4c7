/** Rules by which virtual IDs are taken away. */
@NullMarked
package org.annona.tokens.retention;

import org.jspecify.annotations.NullMarked;
