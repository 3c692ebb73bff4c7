/** Who is in a programme, since when and why. */
@NullMarked
package org.annona.programs.enrolment;

import org.jspecify.annotations.NullMarked;
