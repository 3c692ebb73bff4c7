/** Areas, the tree in which everything has its place. */
@NullMarked
package org.annona.registry.area;

import org.jspecify.annotations.NullMarked;
