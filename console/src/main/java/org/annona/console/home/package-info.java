/** The first page: what waits for me. */
@NullMarked
package org.annona.console.home;

import org.jspecify.annotations.NullMarked;
