/** Sending to the bank, at most once, and asking until every outcome is known. */
@NullMarked
package org.annona.payments.dispatch;

import org.jspecify.annotations.NullMarked;
