/** Other registries from which people are fetched: how each is reached, and what is asked of it. */
@NullMarked
package org.annona.registry.source;

import org.jspecify.annotations.NullMarked;
