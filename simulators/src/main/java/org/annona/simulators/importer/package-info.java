/** An importer of a deployed system, as it asks a social registry. */
@NullMarked
package org.annona.simulators.importer;

import org.jspecify.annotations.NullMarked;
