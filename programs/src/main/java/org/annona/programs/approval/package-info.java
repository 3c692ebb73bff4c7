/** Who approves what; nobody what she prepared. */
@NullMarked
package org.annona.programs.approval;

import org.jspecify.annotations.NullMarked;
