/** Who belongs to which household, and when. */
@NullMarked
package org.annona.registry.membership;

import org.jspecify.annotations.NullMarked;
