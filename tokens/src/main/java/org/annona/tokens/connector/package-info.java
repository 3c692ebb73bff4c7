/** What is agreed with token seeders. */
@NullMarked
package org.annona.tokens.connector;

import org.jspecify.annotations.NullMarked;
