/** Block: programmes, eligibility, enrolment, cycles, entitlements, approvals. This package is its public face. */
@NullMarked
package org.annona.programs;

import org.jspecify.annotations.NullMarked;
