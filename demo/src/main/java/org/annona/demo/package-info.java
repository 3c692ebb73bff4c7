/** A sample country and its first programme, run through the public operations of the blocks. */
@NullMarked
package org.annona.demo;

import org.jspecify.annotations.NullMarked;
