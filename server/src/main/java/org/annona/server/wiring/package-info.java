/** What connects one block with another: each class fills a port of one block from the facade of another. */
@NullMarked
package org.annona.server.wiring;

import org.jspecify.annotations.NullMarked;
