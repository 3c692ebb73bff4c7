/** The strip on every page of a demo: how far the demo is, and what only the world outside can do. */
@NullMarked
package org.annona.demo.strip;

import org.jspecify.annotations.NullMarked;
