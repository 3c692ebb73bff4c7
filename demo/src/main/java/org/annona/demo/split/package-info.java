/** The demo as a split deployment: the registry is an installation of its own. */
@NullMarked
package org.annona.demo.split;

import org.jspecify.annotations.NullMarked;
