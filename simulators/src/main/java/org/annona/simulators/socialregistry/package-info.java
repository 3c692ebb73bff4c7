/** A stand-in for the social registry of another installation, as the deployed one behaves, its faults included. */
@NullMarked
package org.annona.simulators.socialregistry;

import org.jspecify.annotations.NullMarked;
