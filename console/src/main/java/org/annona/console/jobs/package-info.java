/** Long work and messages, live. */
@NullMarked
package org.annona.console.jobs;

import org.jspecify.annotations.NullMarked;
