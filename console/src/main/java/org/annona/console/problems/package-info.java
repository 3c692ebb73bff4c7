/** How refusals are shown, and their catalogue. */
@NullMarked
package org.annona.console.problems;

import org.jspecify.annotations.NullMarked;
