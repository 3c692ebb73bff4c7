/**
 * Finding out which people two installations both know, while neither tells the other whom else it knows (docs/decisions/0016): an
 * oblivious pseudo-random function over Curve25519. Our own protocol between two Annona installations, no part of a standard.
 */
@NullMarked
package org.annona.interop.matching;

import org.jspecify.annotations.NullMarked;
