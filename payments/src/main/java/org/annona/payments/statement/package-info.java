/** Statements of the bank: the only thing that posts money. */
@NullMarked
package org.annona.payments.statement;

import org.jspecify.annotations.NullMarked;
