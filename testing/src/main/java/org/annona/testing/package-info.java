/** A real database for each test class, in milliseconds. */
@NullMarked
package org.annona.testing;

import org.jspecify.annotations.NullMarked;
