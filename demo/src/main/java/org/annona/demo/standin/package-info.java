/** The counterparts of a demo: their process, and the switches by which they misbehave. */
@NullMarked
package org.annona.demo.standin;

import org.jspecify.annotations.NullMarked;
