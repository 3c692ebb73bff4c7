/** The pages of a programme: its terms and versions, who would join, its cycles. */
@NullMarked
package org.annona.programs.overview;

import org.jspecify.annotations.NullMarked;
