/** The double-entry ledger: accounts, transfers, trial balance, invariants. */
@NullMarked
package org.annona.payments.ledger;

import org.jspecify.annotations.NullMarked;
