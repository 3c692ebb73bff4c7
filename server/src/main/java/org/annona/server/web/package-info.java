/** How requests come in: what slow clients may hold, and whether this server lives. */
@NullMarked
package org.annona.server.web;

import org.jspecify.annotations.NullMarked;
