/** Access tokens by OAuth 2 client credentials. */
@NullMarked
package org.annona.exchange.token;

import org.jspecify.annotations.NullMarked;
