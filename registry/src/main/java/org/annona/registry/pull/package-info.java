/** Imports from other registries: what is fetched, how its records are read, and the runs. */
@NullMarked
package org.annona.registry.pull;

import org.jspecify.annotations.NullMarked;
