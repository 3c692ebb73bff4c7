/** The audit trail. */
@NullMarked
package org.annona.console.audit;

import org.jspecify.annotations.NullMarked;
