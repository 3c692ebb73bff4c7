/** After a restore from a backup: nothing is sent until finance knows what the bank did since. */
@NullMarked
package org.annona.payments.restored;

import org.jspecify.annotations.NullMarked;
