/** The connection to a bank that speaks ISO 20022 over HTTP. */
@NullMarked
package org.annona.payments.bank;

import org.jspecify.annotations.NullMarked;
