/** What can be asked for on the command line. */
@NullMarked
package org.annona.server.command;

import org.jspecify.annotations.NullMarked;
