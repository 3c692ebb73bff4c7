/** What changes in the registry, for programmes and payments that run in another installation. */
@NullMarked
package org.annona.registry.sharing;

import org.jspecify.annotations.NullMarked;
