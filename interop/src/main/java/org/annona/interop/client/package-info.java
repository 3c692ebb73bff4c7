/** Asking a registry of others: tokens, batches, tries, and no path from silence to "no" (DCI reference, section 16). */
@NullMarked
package org.annona.interop.client;

import org.jspecify.annotations.NullMarked;
