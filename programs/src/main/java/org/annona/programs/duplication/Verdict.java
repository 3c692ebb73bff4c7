package org.annona.programs.duplication;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.annona.programs.BeneficiaryRegistries.Evidence;
import org.annona.programs.BeneficiaryRegistries.Finding;
import org.annona.programs.BeneficiaryRegistries.Match;
import org.annona.programs.BeneficiaryRegistries.Status;

/**
 * What all that a registry said of one person comes to (DCI reference, section 16).
 *
 * @param incomplete whether beside a match something could not be found out
 * @param matched the enrolments that made it a match
 * @param reason why nothing is known, for people; empty where something is
 * @param outage whether nothing is known only because the registry could not be reached
 */
record Verdict(Result result, boolean incomplete, List<Match> matched, String reason, boolean outage) {

    enum Result {
        NOT_CHECKED,
        NO_MATCH,
        POSSIBLE_MATCH,
        CONFIRMED_MATCH,
        INCONCLUSIVE;

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Verdict {
        matched = List.copyOf(matched);
    }

    /**
     * @param evidence for each identifier of the person; empty where there is none that could be asked for
     * @param ownProgrammes codes under which our own programmes are known there
     */
    static Verdict of(List<Evidence> evidence, Set<String> ownProgrammes) {
        if (evidence.isEmpty()) {
            return new Verdict(
                    Result.NOT_CHECKED, false, List.of(), "she has no identifier that could be asked for", false);
        }
        List<Match> confirmed = matches(evidence, ownProgrammes, true);
        List<Match> possible = matches(evidence, ownProgrammes, false);
        String unknown = evidence.stream()
                .flatMap(one -> one.finding() instanceof Finding.NotKnown(String reason, boolean outage)
                        ? Stream.of(one.identifierType() + ": " + reason)
                        : Stream.empty())
                .findFirst()
                .orElse("");
        String untold = evidence.stream()
                .filter(one -> one.finding() instanceof Finding.Found found && !found.whole())
                .map(one -> one.identifierType() + ": the registry has more than it told")
                .findFirst()
                .orElse("");
        if (!confirmed.isEmpty()) {
            return new Verdict(Result.CONFIRMED_MATCH, !unknown.isEmpty(), confirmed, "", false);
        }
        if (!possible.isEmpty()) {
            return new Verdict(Result.POSSIBLE_MATCH, !unknown.isEmpty(), possible, "", false);
        }
        String reason = unknown.isEmpty() ? untold : unknown;
        boolean outage = evidence.stream()
                .anyMatch(one -> one.finding() instanceof Finding.NotKnown notKnown && notKnown.outage());
        return reason.isEmpty()
                ? new Verdict(Result.NO_MATCH, false, List.of(), "", false)
                : new Verdict(Result.INCONCLUSIVE, false, List.of(), reason, outage);
    }

    private static List<Match> matches(List<Evidence> evidence, Set<String> ownProgrammes, boolean confirmed) {
        return evidence.stream()
                .flatMap(one -> one.finding() instanceof Finding.Found(List<Match> found, boolean whole)
                        ? found.stream()
                        : Stream.empty())
                .filter(match -> match.status() != Status.ENDED && !isOwn(match, ownProgrammes))
                .filter(match -> isConfirmed(match) == confirmed)
                .distinct()
                .toList();
    }

    private static boolean isOwn(Match match, Set<String> ownProgrammes) {
        return ownProgrammes.stream().anyMatch(own -> own.equalsIgnoreCase(match.programmeCode()));
    }

    /** A record that does not itself name whom it is about never confirms anything. */
    private static boolean isConfirmed(Match match) {
        return match.status() == Status.ACTIVE && match.carriesIdentifier();
    }
}
