/** From a file to people and households, row by row accounted for. */
@NullMarked
package org.annona.registry.importing;

import org.jspecify.annotations.NullMarked;
