/** Rules over typed attributes: one tree, its parser, its SQL and its interpreter. */
@NullMarked
package org.annona.foundation.criteria;

import org.jspecify.annotations.NullMarked;
