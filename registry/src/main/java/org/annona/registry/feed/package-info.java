/** What changed, for those who keep a copy. */
@NullMarked
package org.annona.registry.feed;

import org.jspecify.annotations.NullMarked;
