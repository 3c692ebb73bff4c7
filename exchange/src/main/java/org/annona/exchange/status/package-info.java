/** Questions of partners about their earlier messages. */
@NullMarked
package org.annona.exchange.status;

import org.jspecify.annotations.NullMarked;
