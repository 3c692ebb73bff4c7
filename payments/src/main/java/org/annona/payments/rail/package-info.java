/** What any bank connection offers, and what its answers mean. */
@NullMarked
package org.annona.payments.rail;

import org.jspecify.annotations.NullMarked;
