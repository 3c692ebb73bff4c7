/** The beneficiary registry towards partners: who is assisted by which programme, as far as each partner may know it. */
@NullMarked
package org.annona.programs.beneficiary;

import org.jspecify.annotations.NullMarked;
