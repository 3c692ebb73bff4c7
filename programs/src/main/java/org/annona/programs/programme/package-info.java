/** Programmes, their versions and templates, and the benefit they pay. */
@NullMarked
package org.annona.programs.programme;

import org.jspecify.annotations.NullMarked;
