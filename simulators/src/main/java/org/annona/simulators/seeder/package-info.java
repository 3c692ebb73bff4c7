/** A stand-in for the MOSIP Token Seeder 1.1.0: its contract to the letter (token seeder reference, part A), and its faults. */
@NullMarked
package org.annona.simulators.seeder;

import org.jspecify.annotations.NullMarked;
