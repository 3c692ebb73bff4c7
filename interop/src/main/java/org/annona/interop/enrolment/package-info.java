/** Whether somebody is enrolled, and enrolments that others report (DCI reference 11.1, 11.2). */
@NullMarked
package org.annona.interop.enrolment;

import org.jspecify.annotations.NullMarked;
