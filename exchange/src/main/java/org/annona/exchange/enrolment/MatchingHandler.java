package org.annona.exchange.enrolment;

import java.util.List;
import java.util.UUID;
import org.annona.exchange.BeneficiaryRegistry;
import org.annona.exchange.Disclosure;
import org.annona.exchange.operation.Handled;
import org.annona.exchange.operation.Message;
import org.annona.exchange.operation.SyncAnswers;
import org.annona.exchange.operation.SyncHandler;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.partner.TokenScope;
import org.annona.foundation.audit.AuditEvent;
import org.annona.interop.matching.MatchingAnswer;
import org.annona.interop.matching.MatchingRequest;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.Operation;
import org.annona.interop.message.Refusal;

/** Takes steps of private matching. An answer is not kept: what an exchange disclosed is known only to the partner. */
public final class MatchingHandler implements SyncHandler<BeneficiaryRegistry> {

    private static final int FORBIDDEN = 403;

    private final Partners partners;
    private final SyncAnswers answers;

    public MatchingHandler(Partners partners, SyncAnswers answers) {
        this.partners = partners;
        this.answers = answers;
    }

    @Override
    public Operation operation() {
        return Operation.SYNC_MATCHING;
    }

    @Override
    public TokenScope scope() {
        return TokenScope.SEARCH;
    }

    @Override
    public Class<BeneficiaryRegistry> registryType() {
        return BeneficiaryRegistry.class;
    }

    @Override
    public Handled handle(Message<BeneficiaryRegistry> message) {
        Partner partner = message.partner();
        BeneficiaryRegistry registry = message.registry();
        Disclosure disclosure =
                partners.requireDisclosures(partner.id(), registry.prefix()).get("");
        Consent.refuseWhereDemanded(partner);
        if (disclosure == null || !disclosure.tells("identifier")) {
            throw Refusal.http(
                    FORBIDDEN,
                    ErrorCode.FORBIDDEN,
                    "the sender may not ask for people of this registry by identifiers");
        }
        MatchingRequest request = MatchingRequest.read(message.content());
        int items = request.step() instanceof MatchingRequest.Raise raise
                ? raise.points().size()
                : 1;
        if (items > partner.limits().mostItems()) {
            throw partner.limits().exceeded();
        }
        String correlationId = UUID.randomUUID().toString();
        MatchingAnswer answer = registry.match(partner.id(), request.step());
        AuditEvent audit = AuditEvent.of(partner.asActor(), "exchange.match", "registry/" + registry.prefix())
                .because("correlation/" + correlationId)
                .touching(request.step() instanceof MatchingRequest.Raise ? items : 0)
                .with("step", request.name());
        return answers.notKept(
                message,
                correlationId,
                answer.asMessage(request.transactionId(), correlationId),
                items,
                List.of(audit));
    }
}
