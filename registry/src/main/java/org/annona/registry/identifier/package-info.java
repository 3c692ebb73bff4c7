/** Identifiers, phone numbers and the words of names, in the form in which they are compared. */
@NullMarked
package org.annona.registry.identifier;

import org.jspecify.annotations.NullMarked;
