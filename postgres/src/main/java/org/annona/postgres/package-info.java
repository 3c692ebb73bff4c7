/** The database itself: the embedded server, its roles and the migrations of each schema. */
@NullMarked
package org.annona.postgres;

import org.jspecify.annotations.NullMarked;
