/** The blocks put together into one process. */
@NullMarked
package org.annona.server;

import org.jspecify.annotations.NullMarked;
