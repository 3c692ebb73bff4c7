/** Decisions that take two people: one asks with a reason, another one confirms or refuses. */
@NullMarked
package org.annona.payments.decision;

import org.jspecify.annotations.NullMarked;
