/** Block: envelopes, disbursements, ledger, rails, statements. This package is its public face. */
@NullMarked
package org.annona.payments;

import org.jspecify.annotations.NullMarked;
