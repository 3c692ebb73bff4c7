package org.annona.programs;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.interop.matching.MatchingAnswer;
import org.annona.interop.matching.MatchingRequest;

/**
 * Port to the registries of beneficiaries that others keep. What such a registry does not say, or does not say surely, is
 * told as not known; silence is never an answer.
 */
public interface BeneficiaryRegistries {

    /** Those that can be asked. */
    List<Other> all();

    /** How many people may be asked for in one message. */
    int mostAtOnce(String senderId);

    /** Asks now. @return what was said of each person, for each identifier; nothing for a person without one */
    Map<UUID, List<Evidence>> ask(String senderId, List<UUID> people);

    /** Asks now for an identifier that perhaps no person of our registry has. @return what was said of it, without its value */
    Evidence ask(String senderId, String identifierType, String value);

    /**
     * Asks; the answer comes to {@link Audience}, until the deadline in any case. Asking again under the same id changes
     * nothing.
     */
    void askLater(String senderId, UUID inquiry, List<UUID> people, Instant deadline);

    /** Takes one step of blind matching, now. */
    Said match(String senderId, MatchingRequest.Step step);

    /** What an installation said to a step of blind matching. */
    sealed interface Said {

        record Answer(MatchingAnswer answer) implements Said {}

        /** @param passing whether it may answer when it is asked again */
        record Silence(String reason, boolean passing) implements Said {}
    }

    /** Who hears answers that come later. */
    interface Audience {

        /** May come more than once. */
        void answered(UUID inquiry, Map<UUID, List<Evidence>> answers);
    }

    record Other(String senderId, String name) {}

    /** @param identifierType as the standard calls it; the value is told to nobody */
    record Evidence(String identifierType, Finding finding) {}

    sealed interface Finding {

        /** The registry surely holds nothing for this identifier. */
        record Nothing() implements Finding {}

        /** @param whole whether these are surely all of them */
        record Found(List<Match> matches, boolean whole) implements Finding {
            public Found {
                matches = List.copyOf(matches);
            }
        }

        /** @param outage whether the registry could not be reached, and will tell when it is */
        record NotKnown(String reason, boolean outage) implements Finding {

            public NotKnown(String reason) {
                this(reason, false);
            }
        }
    }

    /**
     * An enrolment that was told.
     *
     * @param programmeCode its name where only that is told; empty where neither is
     * @param since as it was told; empty where it was not
     * @param carriesIdentifier whether the record itself names the identifier that was asked for
     */
    record Match(String programmeCode, String programmeName, Status status, String since, boolean carriesIdentifier) {}

    enum Status {
        ACTIVE,
        SUSPENDED,
        ENDED,
        /** It is told that there is one, and not how it stands. */
        UNKNOWN
    }
}
