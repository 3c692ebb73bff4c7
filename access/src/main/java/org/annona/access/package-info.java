/** Users, roles, login, and the actor on whose behalf everything is done. */
@NullMarked
package org.annona.access;

import org.jspecify.annotations.NullMarked;
