/** What a handler of an operation is, and what all of them share. */
@NullMarked
package org.annona.exchange.operation;

import org.jspecify.annotations.NullMarked;
