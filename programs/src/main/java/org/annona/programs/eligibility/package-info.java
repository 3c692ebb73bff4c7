/** Reading a rule over the population: who would join, who would not, who is unknown and why. */
@NullMarked
package org.annona.programs.eligibility;

import org.jspecify.annotations.NullMarked;
