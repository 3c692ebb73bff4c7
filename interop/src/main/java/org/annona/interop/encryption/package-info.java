/** Messages that only their receiver can read (JWE, RFC 7516, in the flattened form that DCI demands). */
@NullMarked
package org.annona.interop.encryption;

import org.jspecify.annotations.NullMarked;
