/** Who approves what; no person approves what that person prepared. */
@NullMarked
package org.annona.programs.approval;

import org.jspecify.annotations.NullMarked;
