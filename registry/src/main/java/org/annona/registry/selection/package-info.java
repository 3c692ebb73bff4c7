/** People chosen by a domain, and what leaves of them: for connectors. */
@NullMarked
package org.annona.registry.selection;

import org.jspecify.annotations.NullMarked;
