package org.annona.exchange;

import java.util.List;
import java.util.UUID;
import org.annona.interop.enrolment.EnrolledRequest;
import org.annona.interop.enrolment.EnrolledResponse;
import org.annona.interop.enrolment.EnrollmentUpdates;
import org.annona.interop.enrolment.EnrollmentUpdatesResponse;
import org.annona.interop.matching.MatchingAnswer;
import org.annona.interop.matching.MatchingRequest;
import org.annona.interop.message.Refusal;

/** A registry that also knows who is enrolled where (DCI reference 11.1). */
public interface BeneficiaryRegistry extends ServedRegistry {

    /**
     * Whether the person is enrolled.
     *
     * @return one answer for each programme that was named; one for all together where none was
     */
    List<EnrolledResponse.Answer> enrolled(EnrolledRequest.Question question, Disclosure disclosure);

    /**
     * Takes one step of an exchange by which a partner finds out which of its people are enrolled here, while we do not learn
     * whom it asked for.
     *
     * @throws Refusal where the exchange is unknown or over, or too much is asked
     */
    MatchingAnswer match(UUID partner, MatchingRequest.Step step);

    /**
     * Takes enrolments that another system reports. The same report again changes nothing.
     *
     * @param reporter the sender id of that system
     * @return one answer for each beneficiary, in their order
     */
    List<EnrollmentUpdatesResponse.Answer> report(String reporter, List<EnrollmentUpdates.Reported> beneficiaries);
}
