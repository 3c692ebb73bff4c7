/** The social registry towards partners: members and groups, as far as each partner may know them. */
@NullMarked
package org.annona.registry.social;

import org.jspecify.annotations.NullMarked;
