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
import org.annona.exchange.transaction.Transactions;
import org.annona.foundation.audit.AuditEvent;
import org.annona.interop.enrolment.EnrollmentUpdates;
import org.annona.interop.enrolment.EnrollmentUpdatesResponse;
import org.annona.interop.message.ErrorCode;
import org.annona.interop.message.Operation;
import org.annona.interop.message.Refusal;

/** Takes enrolments that another system reports. */
public final class EnrollmentUpdatesHandler implements SyncHandler<BeneficiaryRegistry> {

    private static final int FORBIDDEN = 403;

    private final Partners partners;
    private final Transactions transactions;
    private final SyncAnswers answers;
    private final Clock clock;

    public EnrollmentUpdatesHandler(Partners partners, Transactions transactions, SyncAnswers answers, Clock clock) {
        this.partners = partners;
        this.transactions = transactions;
        this.answers = answers;
        this.clock = clock;
    }

    @Override
    public Operation operation() {
        return Operation.SYNC_ENROLLMENT_UPDATES;
    }

    @Override
    public TokenScope scope() {
        return TokenScope.ENROLLMENT_UPDATES;
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
        if (disclosure == null || !disclosure.tells("identifier")) {
            throw Refusal.http(
                    FORBIDDEN, ErrorCode.FORBIDDEN, "the sender may not name people of this registry by identifiers");
        }
        EnrollmentUpdates updates =
                EnrollmentUpdates.read(message.content(), partner.limits().mostItems());
        SyncAnswers.Asked asked = SyncAnswers.Asked.of(
                message,
                updates.transactionId(),
                updates.beneficiaries().stream()
                        .map(EnrollmentUpdates.Reported::referenceId)
                        .toList(),
                "enrolled_response");
        if (transactions.isKnown(partner, message.header().messageId())) {
            // An old report that is sent again must not undo a newer one.
            return answers.sentBefore(asked);
        }
        return answers.once(asked, correlationId -> answer(partner, registry, updates, correlationId));
    }

    /** The report is taken before its id is kept; should that fail, it comes again and changes nothing. */
    private Answer answer(
            Partner partner, BeneficiaryRegistry registry, EnrollmentUpdates updates, String correlationId) {
        List<EnrollmentUpdatesResponse.Answer> items = registry.report(partner.senderId(), updates.beneficiaries());
        EnrollmentUpdatesResponse response =
                new EnrollmentUpdatesResponse(updates.transactionId(), correlationId, items);
        return Answer.of(
                Operation.ON_SEARCH.action(),
                response.asMessage(clock.instant()),
                response.status(),
                items.size(),
                List.of(AuditEvent.of(partner.asActor(), "exchange.report_enrolments", "registry/" + registry.prefix())
                        .because("correlation/" + correlationId)
                        .touching(items.stream()
                                .filter(item -> item.rejection() == null)
                                .count())));
    }
}
