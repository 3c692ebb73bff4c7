/** Money that comes in for programmes. */
@NullMarked
package org.annona.payments.funding;

import org.jspecify.annotations.NullMarked;
