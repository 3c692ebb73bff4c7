/** Roles with their permissions, and who may do what. */
@NullMarked
package org.annona.console.roles;

import org.jspecify.annotations.NullMarked;
