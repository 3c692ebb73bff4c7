/** Whether beneficiaries of ours are beneficiaries of others too: checks with their registries, their review, and what follows. */
@NullMarked
package org.annona.programs.duplication;

import org.jspecify.annotations.NullMarked;
