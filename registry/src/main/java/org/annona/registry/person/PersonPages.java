package org.annona.registry.person;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.console.Cell;
import org.annona.console.Confirmation;
import org.annona.console.CsvResponse;
import org.annona.console.FilterField;
import org.annona.console.Formats;
import org.annona.console.Notice;
import org.annona.console.PersonLinks;
import org.annona.console.TableColumn;
import org.annona.console.TableDefinition;
import org.annona.console.Tone;
import org.annona.foundation.listing.PageRequest;
import org.annona.registry.RegistryPermission;
import org.annona.registry.consent.Consents;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** People: the list with its search, the page of a person, revealing, recording a death. */
@Controller
public final class PersonPages {

    private final People people;
    private final Consents consents;
    private final Origins origins;
    private final List<PersonLinks> links;
    private final TableDefinition<PersonRow> table;

    public PersonPages(People people, Consents consents, Origins origins, List<PersonLinks> links, Formats formats) {
        this.links = links;
        this.origins = origins;
        this.people = people;
        this.consents = consents;
        Map<String, String> statuses = new LinkedHashMap<>();
        List.of("active", "inactive", "deceased", "merged").forEach(status -> statuses.put(status, status));
        Map<String, String> sexes = new LinkedHashMap<>();
        sexes.put("F", "female");
        sexes.put("M", "male");
        sexes.put("X", "other");
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<PersonRow>of("Reference", row -> Cell.link(row.ref(), "/people/" + row.id()))
                                .sortedBy("ref"),
                        TableColumn.<PersonRow>of("Name", row -> Cell.text(row.name())),
                        TableColumn.<PersonRow>of("Sex", row -> Cell.text(row.sex())),
                        TableColumn.<PersonRow>of("Born in", row -> Cell.text(row.birthYear())),
                        TableColumn.<PersonRow>of(
                                "Household",
                                row -> row.householdId() == null
                                        ? Cell.text("")
                                        : Cell.link(row.householdRef(), "/households/" + row.householdId())),
                        TableColumn.<PersonRow>of("Area", row -> Cell.text(row.areaName())),
                        TableColumn.<PersonRow>of("Status", row -> status(row.status())),
                        TableColumn.<PersonRow>of("Registered", row -> Cell.text(formats.time(row.createdAt())))
                                .sortedBy("created")),
                List.of(
                        FilterField.text("q", "Search", "reference, identifier, phone or words of the name"),
                        FilterField.choice("status", "Status", statuses),
                        FilterField.choice("sex", "Sex", sexes)),
                "Names are found by whole words in any script, numbers when they are complete. An import adds people.");
    }

    static Cell status(String status) {
        return Cell.badge(status, status.equals("active") ? Tone.GOOD : Tone.QUIET);
    }

    @GetMapping("/people")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view("/people", request, people.page(actor, request)));
        return "registry/people";
    }

    @GetMapping("/people.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(RegistryPermission.VIEW);
        CsvResponse.send(
                response,
                "people-masked.csv",
                out -> table.export(out, TableDefinition.request(parameters), request -> people.page(actor, request)));
    }

    @GetMapping("/people/{id}")
    String show(Actor actor, Model model, @PathVariable UUID id) {
        return page(actor, model, people.show(actor, id));
    }

    /** The answer to a reveal is shown once and kept nowhere; reloading asks for the reason again. */
    @PostMapping("/people/{id}/reveal")
    String reveal(
            Actor actor,
            Model model,
            @PathVariable UUID id,
            @RequestParam(defaultValue = "") String occasion,
            @RequestParam String reason) {
        actor.require(RegistryPermission.REVEAL);
        return page(actor, model, people.reveal(actor, id, RevealReason.read(occasion, reason)));
    }

    private String page(Actor actor, Model model, PersonView person) {
        model.addAttribute("origins", origins.of(actor, person.id()));
        model.addAttribute("tellers", origins.tellers(actor, person.id()));
        model.addAttribute("person", person);
        model.addAttribute(
                "links",
                links.stream()
                        .flatMap(one -> one.about(actor, person.id()).stream())
                        .filter(link -> !link.href().equals("/people/" + person.id()))
                        .toList());
        model.addAttribute("mayReveal", actor.may(RegistryPermission.REVEAL));
        model.addAttribute("occasions", RevealReason.Occasion.all());
        model.addAttribute("revealsLeft", people.revealsLeft(actor));
        model.addAttribute("mayEdit", actor.may(RegistryPermission.EDIT));
        return "registry/person";
    }

    @PostMapping("/people/{id}/consents")
    String recordConsent(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam String purpose,
            @RequestParam String receipt,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate givenOn) {
        consents.record(actor, id, purpose.strip(), receipt, givenOn);
        Notice.good(redirect, "The consent was recorded.");
        return "redirect:/people/" + id;
    }

    @PostMapping("/people/{id}/consents/{consent}/withdraw")
    String withdrawConsent(
            Actor actor, RedirectAttributes redirect, @PathVariable UUID id, @PathVariable UUID consent) {
        consents.withdraw(actor, id, consent);
        Notice.good(redirect, "The consent was withdrawn. From now on nothing leaves by it.");
        return "redirect:/people/" + id;
    }

    @GetMapping("/people/{id}/death")
    String askDeath(
            Actor actor,
            Model model,
            @PathVariable UUID id,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate day) {
        actor.require(RegistryPermission.EDIT);
        PersonView person = people.show(actor, id);
        long open = person.memberships().stream()
                .filter(PersonView.Membership::current)
                .count();
        model.addAttribute(
                "confirmation",
                Confirmation.of(
                                "Record the death of " + person.ref() + "?",
                                "The person leaves the household today and is left out of every cycle that is opened"
                                        + " or paid from now on. This cannot be undone here.",
                                "/people/" + id + "/death",
                                "Record the death",
                                "/people/" + id)
                        .fact("Person", person.ref() + ", " + person.name())
                        .fact("Died on", day)
                        .fact("Memberships that end", open)
                        .carrying("day", day)
                        .grave());
        return "console/confirm";
    }

    @PostMapping("/people/{id}/death")
    String recordDeath(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate day) {
        people.recordDeath(actor, id, day);
        Notice.good(redirect, "The death was recorded.");
        return "redirect:/people/" + id;
    }
}
