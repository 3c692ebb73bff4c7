/** Ministries and departments that share the installation, and for which of them a user acts. */
@NullMarked
package org.annona.console.organisations;

import org.jspecify.annotations.NullMarked;
