/** People: what is known of a person, masked unless revealed. */
@NullMarked
package org.annona.registry.person;

import org.jspecify.annotations.NullMarked;
