package org.annona.exchange;

import java.util.List;
import org.annona.interop.enrolment.EnrolledRequest;
import org.annona.interop.enrolment.EnrolledResponse;
import org.annona.interop.enrolment.EnrollmentUpdates;
import org.annona.interop.enrolment.EnrollmentUpdatesResponse;

/** A registry that also knows who is enrolled where (DCI reference 11.1). */
public interface BeneficiaryRegistry extends ServedRegistry {

    /**
     * Whether the person is enrolled.
     *
     * @return one answer for each programme that was named; one for all together where none was
     */
    List<EnrolledResponse.Answer> enrolled(EnrolledRequest.Question question, Disclosure disclosure);

    /**
     * Takes enrolments that another system reports. The same report again changes nothing.
     *
     * @param reporter the sender id of that system
     * @return one answer for each beneficiary, in their order
     */
    List<EnrollmentUpdatesResponse.Answer> report(String reporter, List<EnrollmentUpdates.Reported> beneficiaries);
}
