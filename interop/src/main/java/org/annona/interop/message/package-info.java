/** The messages of DCI v1.0.0: operations, envelope, headers, acknowledgements, and how something is refused. */
@NullMarked
package org.annona.interop.message;

import org.jspecify.annotations.NullMarked;
