package org.annona.console.users;

import org.annona.access.Grant;

/** A grant with what the reader may do about it. Public for templates. */
public record ShownGrant(Grant grant, boolean mayAccept, boolean mayEnd) {}
