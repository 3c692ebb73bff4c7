/** The design system of the web pages: one layout, one table, one form, one confirmation. */
@NullMarked
package org.annona.console;

import org.jspecify.annotations.NullMarked;
