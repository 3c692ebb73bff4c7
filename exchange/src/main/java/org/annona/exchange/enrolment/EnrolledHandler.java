package org.annona.exchange.enrolment;

import java.time.Clock;
import java.util.List;
import org.annona.exchange.BeneficiaryRegistry;
import org.annona.exchange.Disclosure;
import org.annona.exchange.operation.Handled;
import org.annona.exchange.operation.Message;
import org.annona.exchange.operation.SyncAnswers;
import org.annona.exchange.operation.SyncHandler;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.Partners;
import org.annona.exchange.partner.TokenScope;
import org.annona.exchange.transaction.Answer;
import org.annona.foundation.audit.AuditEvent;
import org.annona.interop.enrolment.EnrolledRequest;
import org.annona.interop.enrolment.EnrolledResponse;
import org.annona.interop.message.Operation;
import org.annona.interop.message.ReasonCode;
import org.annona.interop.search.Rejection;
import org.jspecify.annotations.Nullable;

/** Answers whether a person is enrolled. */
public final class EnrolledHandler implements SyncHandler<BeneficiaryRegistry> {

    private final Partners partners;
    private final SyncAnswers answers;
    private final Clock clock;

    public EnrolledHandler(Partners partners, SyncAnswers answers, Clock clock) {
        this.partners = partners;
        this.answers = answers;
        this.clock = clock;
    }

    @Override
    public Operation operation() {
        return Operation.SYNC_ENROLLED;
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
        EnrolledRequest request = EnrolledRequest.read(message.content());
        return answers.once(
                SyncAnswers.Asked.of(message, request.transactionId(), List.of(), "enrolled_response"),
                correlationId -> answer(partner, registry, request, disclosure, correlationId));
    }

    private Answer answer(
            Partner partner,
            BeneficiaryRegistry registry,
            EnrolledRequest request,
            @Nullable Disclosure disclosure,
            String correlationId) {
        EnrolledRequest.Question question = request.question();
        List<EnrolledResponse.Answer> items;
        if (question == null || disclosure == null) {
            String text = question == null ? EnrolledRequest.notUnderstood() : "nothing may be asked without a purpose";
            items = List.of(new EnrolledResponse.Answer(
                    "enrolled-1", false, null, new Rejection(ReasonCode.SEARCH_CRITERIA_INVALID, text)));
        } else {
            items = registry.enrolled(question, disclosure);
        }
        EnrolledResponse response = new EnrolledResponse(request.transactionId(), correlationId, items);
        return Answer.of(
                Operation.ON_SEARCH.action(),
                response.asMessage(clock.instant()),
                response.status(),
                items.size(),
                List.of(AuditEvent.of(partner.asActor(), "exchange.tell_enrolled", "registry/" + registry.prefix())
                        .because("correlation/" + correlationId)
                        .with("programmes", items.size())));
    }
}
