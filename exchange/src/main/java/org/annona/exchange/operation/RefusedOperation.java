package org.annona.exchange.operation;

import org.annona.exchange.partner.TokenScope;
import org.annona.interop.message.Operation;
import org.annona.interop.message.Refusal;

/**
 * An operation of the standard that this installation does not have.
 *
 * @param refusal that every partner is told whose message names its sender rightly
 */
public record RefusedOperation(Operation operation, TokenScope scope, Refusal refusal) implements OperationHandler {}
