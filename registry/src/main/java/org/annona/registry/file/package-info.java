/** What kind of text file a user brought: encoding, separator, columns. */
@NullMarked
package org.annona.registry.file;

import org.jspecify.annotations.NullMarked;
