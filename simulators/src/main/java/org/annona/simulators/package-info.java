/** Stand-ins for counterparts: processes of their own that behave as their standards say, and misbehave when told to. */
@NullMarked
package org.annona.simulators;

import org.jspecify.annotations.NullMarked;
