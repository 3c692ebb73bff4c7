/** What has to reach a partner: committed first, then sent until it is taken. */
@NullMarked
package org.annona.exchange.callback;

import org.jspecify.annotations.NullMarked;
