/** People, groups, programmes and benefits as registries tell each other of them (DCI reference, section 13). */
@NullMarked
package org.annona.interop.record;

import org.jspecify.annotations.NullMarked;
