package org.annona.programs.duplication;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.annona.interop.matching.Blinding;
import org.annona.interop.matching.MatchingAnswer;
import org.annona.interop.matching.MatchingAnswer.Listed;
import org.annona.interop.matching.MatchingAnswer.Opened;
import org.annona.interop.matching.MatchingAnswer.Raised;
import org.annona.interop.matching.MatchingRequest;
import org.annona.interop.matching.Tags;
import org.annona.interop.matching.UnfitPoint;
import org.annona.interop.message.ReasonCode;
import org.annona.programs.BeneficiaryRegistries;
import org.annona.programs.BeneficiaryRegistries.Evidence;
import org.annona.programs.BeneficiaryRegistries.Finding;
import org.annona.programs.BeneficiaryRegistries.Match;
import org.annona.programs.BeneficiaryRegistries.Said;
import org.annona.programs.BeneficiaryRegistries.Status;
import org.annona.programs.PersonDirectory;
import org.annona.programs.PersonDirectory.Identifier;
import org.annona.programs.duplication.PartnerTagLists.TheirList;
import org.annona.programs.duplication.Sources.Source;

/**
 * Asks another installation without telling it about whom (docs/decisions/0016): first its list of marks is fetched, once for an
 * exchange; then people are asked for by points that mean nothing to it, and what it makes of them is looked up in the list.
 */
public final class BlindQuestions {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final BeneficiaryRegistries registries;
    private final PersonDirectory directory;
    private final PartnerTagLists lists;

    public BlindQuestions(BeneficiaryRegistries registries, PersonDirectory directory, PartnerTagLists lists) {
        this.registries = registries;
        this.directory = directory;
        this.lists = lists;
    }

    /** How far the list of a source is. */
    sealed interface Standing {

        record Ready() implements Standing {}

        /** A part more is here. */
        record Fetching(long fetched, long expected) implements Standing {}

        record Awaited(String reason) implements Standing {}

        record Refused(String reason) implements Standing {}
    }

    Optional<TheirList> list(Source source) {
        return lists.of(source);
    }

    /** Takes the next step until the list is whole. */
    Standing advance(Source source) {
        Optional<TheirList> list = lists.of(source);
        if (list.isEmpty()) {
            return begin(source);
        }
        return list.get().whole() ? new Standing.Ready() : fetch(source, list.get());
    }

    private Said match(Source source, MatchingRequest.Step step) {
        return registries.match(source.terms().senderId(), step);
    }

    private static Standing silence(Said said) {
        return said instanceof Said.Silence(String reason, boolean passing)
                ? passing ? new Standing.Awaited(reason) : new Standing.Refused(reason)
                : new Standing.Refused("its answer belongs to another question");
    }

    private Standing begin(Source source) {
        Said said = match(source, new MatchingRequest.Open());
        if (!(said instanceof Said.Answer(Opened opened))) {
            return silence(said);
        }
        if (!opened.ready()) {
            return new Standing.Awaited("it makes its list, " + opened.entries() + " marks so far");
        }
        return lists.begin(source, opened)
                ? new Standing.Fetching(0, opened.entries())
                : new Standing.Awaited("its list is nearly over, or longer than any");
    }

    private Standing fetch(Source source, TheirList list) {
        Said said = match(source, new MatchingRequest.ListMarks(list.exchange(), list.lastMark()));
        if (said instanceof Said.Answer(Listed part)) {
            return lists.keep(list, part)
                    ? new Standing.Fetching(list.fetched() + part.entries().size(), list.expected())
                    : new Standing.Awaited("its list was not whole, and is fetched again");
        }
        if (silence(said) instanceof Standing.Refused(String reason)) {
            // It may have forgotten the exchange: then another one is opened.
            lists.giveUp(list);
            return new Standing.Awaited(reason);
        }
        return silence(said);
    }

    /** An identifier that is asked for, and the secret by which it is hidden. */
    private record Asked(Identifier identifier, Blinding blinding) {

        byte[] point() {
            return blinding.blind(identifier.type(), identifier.value());
        }
    }

    /** As {@link BeneficiaryRegistries#ask}. */
    Map<UUID, List<Evidence>> ask(Source source, List<UUID> people) {
        Map<UUID, List<Identifier>> identifiers = directory.identifiersOf(people, false);
        List<Identifier> all =
                identifiers.values().stream().flatMap(List::stream).distinct().toList();
        Map<Identifier, Finding> findings = lists.of(source)
                .filter(TheirList::whole)
                .map(list -> findings(source, list, all))
                .orElseGet(() -> silent(all, "the list of the other installation is not here"));
        Map<UUID, List<Evidence>> evidence = new HashMap<>();
        identifiers.forEach((person, own) -> evidence.put(
                person,
                own.stream()
                        .map(identifier -> new Evidence(
                                identifier.type(),
                                findings.getOrDefault(identifier, new Finding.NotKnown("it was left out"))))
                        .toList()));
        return evidence;
    }

    /** As {@link BeneficiaryRegistries#ask(String, String, String)}. */
    Evidence ask(Source source, Identifier identifier) {
        Finding finding = lists.of(source)
                .filter(TheirList::whole)
                .map(list -> findings(source, list, List.of(identifier)).get(identifier))
                .orElseGet(() -> new Finding.NotKnown("the list of the other installation is not here"));
        return new Evidence(identifier.type(), finding);
    }

    private static Map<Identifier, Finding> silent(List<Identifier> asked, String reason) {
        Map<Identifier, Finding> findings = new HashMap<>();
        asked.forEach(identifier -> findings.put(identifier, new Finding.NotKnown(reason)));
        return findings;
    }

    private Map<Identifier, Finding> findings(Source source, TheirList list, List<Identifier> identifiers) {
        Map<Identifier, Finding> findings = new LinkedHashMap<>();
        List<Identifier> listed = new ArrayList<>();
        for (Identifier identifier : identifiers) {
            if (list.types().contains(identifier.type())) {
                listed.add(identifier);
            } else {
                findings.put(identifier, new Finding.NotKnown("it lists no identifiers of this type"));
            }
        }
        if (!listed.isEmpty()) {
            findings.putAll(raised(source, list, listed));
        }
        return findings;
    }

    private Map<Identifier, Finding> raised(Source source, TheirList list, List<Identifier> identifiers) {
        List<Asked> asked = identifiers.stream()
                .map(identifier -> new Asked(identifier, Blinding.fresh()))
                .toList();
        List<byte[]> points = new ArrayList<>(asked.stream().map(Asked::point).toList());
        Blinding ofNobody = Blinding.fresh();
        int control = RANDOM.nextInt(points.size() + 1);
        points.add(control, ofNobody.blindControl());
        Said said = match(source, new MatchingRequest.Raise(list.exchange(), points));
        if (said instanceof Said.Silence silence) {
            return notRaised(source, list, identifiers, silence);
        }
        if (!(said instanceof Said.Answer(Raised(List<byte[]> raised))) || raised.size() != points.size()) {
            return silent(identifiers, "its answer belongs to another question");
        }
        List<Tags> marks = new ArrayList<>();
        Tags found;
        try {
            List<byte[]> others = new ArrayList<>(raised);
            found = ofNobody.marks(others.remove(control));
            for (int i = 0; i < asked.size(); i++) {
                marks.add(asked.get(i).blinding().marks(others.get(i)));
            }
        } catch (UnfitPoint unfit) {
            return silent(identifiers, "its answer is none");
        }
        return lookedUp(list, identifiers, marks, found);
    }

    private Map<Identifier, Finding> notRaised(
            Source source, TheirList list, List<Identifier> identifiers, Said.Silence silence) {
        if (silence.reason().contains(ReasonCode.TOTAL_COUNT_LIMIT_EXCEEDED.code()) && identifiers.size() > 1) {
            int half = identifiers.size() / 2;
            Map<Identifier, Finding> both = new HashMap<>(raised(source, list, identifiers.subList(0, half)));
            both.putAll(raised(source, list, identifiers.subList(half, identifiers.size())));
            return both;
        }
        if (!silence.passing()) {
            // It may have forgotten the exchange; the next check opens another one.
            lists.giveUp(list);
        }
        return silent(identifiers, silence.reason());
    }

    /**
     * All marks that there could be are looked up at once, in one statement with the one that is in every list: where that one is
     * missing, the list is gone or belongs to another key, and what is not found means nothing.
     */
    private Map<Identifier, Finding> lookedUp(
            TheirList list, List<Identifier> identifiers, List<Tags> marks, Tags ofNobody) {
        List<byte[]> wanted = new ArrayList<>();
        wanted.add(ofNobody.mark(0));
        for (Tags own : marks) {
            for (int number = 0; number < Tags.MOST_ENROLMENTS; number++) {
                wanted.add(own.mark(number));
            }
        }
        Map<ByteBuffer, Integer> known = lists.known(list, wanted);
        if (!known.containsKey(ByteBuffer.wrap(ofNobody.mark(0)))) {
            lists.giveUp(list);
            return silent(identifiers, "its answer does not belong to its list");
        }
        Map<Identifier, Finding> findings = new HashMap<>();
        for (int i = 0; i < identifiers.size(); i++) {
            List<Match> matches = matches(list.programmes(), marks.get(i), known);
            findings.put(
                    identifiers.get(i), matches.isEmpty() ? new Finding.Nothing() : new Finding.Found(matches, true));
        }
        return findings;
    }

    private static List<Match> matches(List<String> programmes, Tags own, Map<ByteBuffer, Integer> known) {
        List<Match> matches = new ArrayList<>();
        for (int number = 0; number < Tags.MOST_ENROLMENTS; number++) {
            Integer covered = known.get(ByteBuffer.wrap(own.mark(number)));
            if (covered != null) {
                int told = own.cover(number, covered);
                int place = MatchingAnswer.programmeOf(told);
                // Nothing that differs from other matches: the other installation must not notice that the person was
                // found.
                String programme = place < programmes.size() ? programmes.get(place) : "not named";
                matches.add(new Match(
                        programme,
                        programme,
                        MatchingAnswer.isActive(told) ? Status.ACTIVE : Status.SUSPENDED,
                        "",
                        true));
            }
        }
        return matches;
    }
}
