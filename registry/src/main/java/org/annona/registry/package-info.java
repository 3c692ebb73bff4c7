/** Block: people, households, identifiers, areas, imports, change feed. This package is its public face. */
@NullMarked
package org.annona.registry;

import org.jspecify.annotations.NullMarked;
