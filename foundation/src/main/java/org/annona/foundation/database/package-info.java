/** The block's way to its database: transactions, and the one place where SQL comes from text. */
@NullMarked
package org.annona.foundation.database;

import org.jspecify.annotations.NullMarked;
