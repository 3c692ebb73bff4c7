/** Users and the own password. */
@NullMarked
package org.annona.console.users;

import org.jspecify.annotations.NullMarked;
