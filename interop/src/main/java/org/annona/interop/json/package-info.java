/** JSON as it crosses borders: strictly read, and in one canonical spelling for signatures. */
@NullMarked
package org.annona.interop.json;

import org.jspecify.annotations.NullMarked;
