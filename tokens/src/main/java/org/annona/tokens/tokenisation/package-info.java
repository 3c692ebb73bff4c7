/** People on their way to a token: who is due, what is asked, what came back. */
@NullMarked
package org.annona.tokens.tokenisation;

import org.jspecify.annotations.NullMarked;
