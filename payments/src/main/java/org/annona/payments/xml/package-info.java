/** How messages of banks are read. */
@NullMarked
package org.annona.payments.xml;

import org.jspecify.annotations.NullMarked;
