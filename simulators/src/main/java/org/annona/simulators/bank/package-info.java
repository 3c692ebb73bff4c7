/** A bank: takes pain.001 over HTTP, keeps its own book, and gives camt.053 statements as its own clock goes on. */
@NullMarked
package org.annona.simulators.bank;

import org.jspecify.annotations.NullMarked;
