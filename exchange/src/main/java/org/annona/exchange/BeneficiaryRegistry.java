package org.annona.exchange;

import java.util.List;
import org.annona.interop.enrolment.EnrolledRequest;
import org.annona.interop.enrolment.EnrolledResponse;

/** A registry that also knows who is enrolled where (DCI reference 11.1). */
public interface BeneficiaryRegistry extends ServedRegistry {

    /**
     * Whether the person is enrolled.
     *
     * @return one answer for each programme that was named; one for all together where none was
     */
    List<EnrolledResponse.Answer> enrolled(EnrolledRequest.Question question, Disclosure disclosure);
}
