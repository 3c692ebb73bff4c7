package org.annona.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.annona.access.Actor;
import org.annona.access.Role;
import org.annona.demo.standin.StandInSwitches;
import org.annona.exchange.asking.RemoteRegistries;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.PartnerDraft;
import org.annona.exchange.partner.Partners;
import org.annona.interop.signature.SignaturePolicy;
import org.annona.programs.DuplicationStatus;
import org.annona.programs.Programs;
import org.annona.registry.PersonIdentifier;
import org.annona.registry.Registry;
import org.annona.server.Refusal;
import org.annona.simulators.ibr.SimulatedBeneficiaryRegistry;

/**
 * All members of the programme are checked with the beneficiary registry of another ministry. It knows twelve of them, gives no
 * usable answer about three, and has a short outage.
 */
public final class DuplicatesDemo {

    private static final String SOURCE = "School meals";
    private static final int DUPLICATES = 12;
    private static final int STUMBLES = 3;
    private static final int NATIONAL_ID = 6;
    private static final int ROWS_AT_ONCE = 500;

    private final Programs programs;
    private final Registry registry;
    private final Partners partners;
    private final RemoteRegistries remotes;
    private final DemoUsers users;
    private final String address;
    private final StandInSwitches switches;

    /** @param address of the other registry @param switches where its book and its misbehaviour are set */
    public DuplicatesDemo(
            Programs programs,
            Registry registry,
            Partners partners,
            RemoteRegistries remotes,
            DemoUsers users,
            String address,
            StandInSwitches switches) {
        this.programs = programs;
        this.registry = registry;
        this.partners = partners;
        this.remotes = remotes;
        this.users = users;
        this.address = address;
        this.switches = switches;
    }

    void run(UUID programme, Path people, DemoOutput output, Waiting waiting) {
        Actor manager = users.actor(Role.PROGRAMME_MANAGER);
        UUID source = programs.duplicationSource(manager, SOURCE).orElseGet(() -> agree(manager, programme, people));
        DuplicationStatus before = programs.duplication(manager, source);
        if (!before.running() && before.people().isEmpty()) {
            programs.checkAllForDuplicates(manager, source, programme);
        }
        waiting.until(
                "duplication-source/" + source,
                () -> !programs.duplication(manager, source).running());
        DuplicationStatus status = programs.duplication(manager, source);
        output.step(
                "Duplicate check",
                DemoOutput.number(status.of("no_match")) + " members are unknown to the other registry, "
                        + DemoOutput.number(status.of("confirmed_match")) + " are known to it, "
                        + DemoOutput.number(status.of("inconclusive")) + " inconclusive");
        output.more(DemoOutput.number(status.of("not_checked"))
                + " members have no national ID and could not be checked; duplicates wait for an approver");
    }

    private UUID agree(Actor manager, UUID programme, Path people) {
        List<String> known = inProgramme(programme, people);
        switches.post("enrolled", String.join("\n", known.subList(0, DUPLICATES)));
        switches.post("stumble", String.join("\n", known.subList(DUPLICATES, DUPLICATES + STUMBLES)));
        switches.post("faults?failing=2", "");
        Actor administrator = users.actor(Role.ADMINISTRATOR);
        PartnerDraft draft = PartnerDraft.of(SimulatedBeneficiaryRegistry.SENDER_ID, "Ministry of education")
                .with(new Partner.Terms(
                        SignaturePolicy.OPTIONAL,
                        Partner.Terms.DEFAULT.signer(),
                        Partner.Terms.DEFAULT.profile(),
                        false,
                        false))
                .calledAt(null, null, Set.of("127.0.0.1"));
        Partner partner = partners.withSenderId(SimulatedBeneficiaryRegistry.SENDER_ID)
                .orElseGet(() -> partners.onboard(administrator, draft).partner());
        remotes.agree(
                administrator, partner.id(), address + "/dci/ibr", address + "/oauth2/token", "annona", "secret", 500);
        return programs.createDuplicationSource(
                manager,
                SOURCE,
                SimulatedBeneficiaryRegistry.SENDER_ID,
                "Sample Social Protection Act, section 9",
                Set.of("FAMILY"));
    }

    /** National IDs of people in the programme, from the list that was imported. */
    private List<String> inProgramme(UUID programme, Path people) {
        List<String> found = new ArrayList<>();
        try (Stream<String> rows = Files.lines(people)) {
            var all = rows.skip(1)
                    .map(row -> row.split(",", -1)[NATIONAL_ID])
                    .filter(id -> id.length() == 12)
                    .distinct()
                    .iterator();
            while (all.hasNext() && found.size() < DUPLICATES + STUMBLES) {
                List<String> part = new ArrayList<>();
                while (all.hasNext() && part.size() < ROWS_AT_ONCE) {
                    part.add(all.next());
                }
                found.addAll(inProgramme(programme, part));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        if (found.size() < DUPLICATES + STUMBLES) {
            throw new Refusal("This country has too few beneficiaries with a national ID for the duplicate check.");
        }
        return found;
    }

    private List<String> inProgramme(UUID programme, List<String> ids) {
        List<Optional<UUID>> people = registry.peopleByIdentifier(
                ids.stream().map(id -> new PersonIdentifier("UIN", id)).toList());
        Map<UUID, String> known = new HashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            people.get(i).ifPresent(person -> known.put(person, id));
        }
        return programs.beneficiariesAmong(users.actor(Role.PROGRAMME_MANAGER), programme, known.keySet()).stream()
                .map(known::get)
                .sorted()
                .toList();
    }

    boolean sum(DemoOutput output) {
        Actor manager = users.actor(Role.PROGRAMME_MANAGER);
        DuplicationStatus status = programs.duplication(
                manager, programs.duplicationSource(manager, SOURCE).orElseThrow());
        return output.sum(
                "the planted duplicates were found, and a missing answer is not taken for 'no match'",
                status.of("confirmed_match") == DUPLICATES && status.of("inconclusive") == STUMBLES,
                DemoOutput.number(status.of("confirmed_match")) + " of " + DUPLICATES + " duplicates, "
                        + DemoOutput.number(status.of("inconclusive")) + " of " + STUMBLES + " inconclusive");
    }
}
