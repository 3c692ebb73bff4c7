/** Operations of registries of beneficiaries. */
@NullMarked
package org.annona.exchange.enrolment;

import org.jspecify.annotations.NullMarked;
