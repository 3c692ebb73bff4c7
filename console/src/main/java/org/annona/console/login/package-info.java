/** The login page. */
@NullMarked
package org.annona.console.login;

import org.jspecify.annotations.NullMarked;
