/** Answers what was acknowledged: takes waiting transactions, answers each, and posts the callback. */
@NullMarked
package org.annona.exchange.answering;

import org.jspecify.annotations.NullMarked;
