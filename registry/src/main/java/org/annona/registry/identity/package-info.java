/** Tokens of an identity authority, and identifiers that are taken away once a token stands for the person. */
@NullMarked
package org.annona.registry.identity;

import org.jspecify.annotations.NullMarked;
