/** Calls to addresses that partners gave us. */
@NullMarked
package org.annona.interop.http;

import org.jspecify.annotations.NullMarked;
