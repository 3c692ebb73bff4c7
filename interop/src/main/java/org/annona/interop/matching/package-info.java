/**
 * Finding out which people two houses both know, while neither tells the other whom else it knows (docs/decisions/0016): an
 * oblivious pseudo-random function over Curve25519. Our own protocol between two Annona houses, no part of a standard.
 */
@NullMarked
package org.annona.interop.matching;

import org.jspecify.annotations.NullMarked;
