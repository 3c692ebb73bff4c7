/** A stand-in for ODK Central, of which a token seeder reads the submissions of a form. */
@NullMarked
package org.annona.simulators.odk;

import org.jspecify.annotations.NullMarked;
