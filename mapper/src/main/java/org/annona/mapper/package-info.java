/** Block: identity to financial address. This package is its public face. */
@NullMarked
package org.annona.mapper;

import org.jspecify.annotations.NullMarked;
