/** What changes in the registry, for programmes and payments that run in another house. */
@NullMarked
package org.annona.registry.sharing;

import org.jspecify.annotations.NullMarked;
