/**
 * Search domains as Odoo and the programmes of its world write them (reference of the token seeder, part E), read into
 * criteria. What is not understood is refused, never left out.
 */
@NullMarked
package org.annona.foundation.criteria.odoo;

import org.jspecify.annotations.NullMarked;
