/** Envelopes of disbursements, from their intake to their end. */
@NullMarked
package org.annona.payments.envelope;

import org.jspecify.annotations.NullMarked;
