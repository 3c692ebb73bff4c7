/** Consents of people to the use of their data. */
@NullMarked
package org.annona.registry.consent;

import org.jspecify.annotations.NullMarked;
