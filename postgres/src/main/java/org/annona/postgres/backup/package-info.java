/** All rows of an installation in one file, and back. */
@NullMarked
package org.annona.postgres.backup;

import org.jspecify.annotations.NullMarked;
