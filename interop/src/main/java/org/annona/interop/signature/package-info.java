/** Signing and verifying messages, in every format that partners use. */
@NullMarked
package org.annona.interop.signature;

import org.jspecify.annotations.NullMarked;
