package org.annona.exchange.partner;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.annona.access.AccessProblem;
import org.annona.access.Actor;
import org.annona.console.Cell;
import org.annona.console.Confirmation;
import org.annona.console.CsvResponse;
import org.annona.console.FilterField;
import org.annona.console.Formats;
import org.annona.console.Notice;
import org.annona.console.ProblemView;
import org.annona.console.TableColumn;
import org.annona.console.TableDefinition;
import org.annona.console.Tone;
import org.annona.exchange.Disclosure;
import org.annona.exchange.ExchangePermission;
import org.annona.exchange.ExchangeSettings;
import org.annona.exchange.GraphqlRegistry;
import org.annona.exchange.ServedRegistries;
import org.annona.exchange.ServedRegistry;
import org.annona.exchange.internal.tables.states.PartnerState;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.Faults;
import org.annona.foundation.problem.Problem;
import org.annona.interop.signature.SignaturePolicy;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Partners: the list, the page of one, and what is agreed with it. */
@Controller
public final class PartnerPages {

    private final Partners partners;
    private final PartnerKeys keys;
    private final ServedRegistries registries;
    private final ExchangeSettings settings;
    private final SilentAddress.Source silent;
    private final TableDefinition<Partner> table;

    public PartnerPages(
            Partners partners,
            PartnerKeys keys,
            ServedRegistries registries,
            ExchangeSettings settings,
            SilentAddress.Source silent,
            Formats formats) {
        this.settings = settings;
        this.silent = silent;
        this.partners = partners;
        this.keys = keys;
        this.registries = registries;
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<Partner>of("Name", row -> Cell.link(row.name(), "/partners/" + row.id()))
                                .sortedBy("name"),
                        TableColumn.<Partner>of("Sender id", row -> Cell.text(row.senderId()))
                                .sortedBy("sender"),
                        TableColumn.<Partner>of(
                                "State",
                                row -> row.active()
                                        ? Cell.badge(PartnerState.ACTIVE.code(), Tone.GOOD)
                                        : Cell.badge(PartnerState.SUSPENDED.code(), Tone.ATTENTION)),
                        TableColumn.<Partner>of(
                                "Signatures",
                                row -> Cell.text(formats.words(row.terms().signatures()))),
                        TableColumn.<Partner>of("Changed", row -> Cell.text(formats.time(row.updatedAt())))),
                List.of(
                        FilterField.text("q", "Name or sender id", ""),
                        FilterField.choice(
                                "state",
                                "State",
                                Arrays.stream(PartnerState.values())
                                        .collect(Collectors.toMap(PartnerState::code, PartnerState::code)))),
                "Onboard the first one: a system that is to ask this one, or to be called by it.");
    }

    @GetMapping("/partners")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view("/partners", request, partners.page(actor, request)));
        model.addAttribute("mayManage", actor.may(ExchangePermission.MANAGE));
        return "exchange/partners";
    }

    @GetMapping("/partners.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(ExchangePermission.VIEW);
        CsvResponse.send(
                response,
                "partners.csv",
                out -> table.export(
                        out, TableDefinition.request(parameters), request -> partners.page(actor, request)));
    }

    @GetMapping("/partners/new")
    String form(Actor actor, Model model) {
        actor.require(ExchangePermission.MANAGE);
        return form(model, "/partners/new", PartnerForm.of(PartnerDraft.of("", "")), false);
    }

    private static String form(Model model, String action, PartnerForm form, boolean known) {
        model.addAttribute("action", action);
        model.addAttribute("form", form);
        model.addAttribute("known", known);
        model.addAttribute("scopes", TokenScope.offered());
        model.addAttribute("signatures", PartnerForm.SIGNATURES);
        model.addAttribute("formats", PartnerForm.FORMATS);
        model.addAttribute("profiles", PartnerForm.PROFILES);
        model.addAttribute("demands", PartnerForm.DEMANDS);
        model.addAttribute("counts", PartnerForm.COUNTS);
        return "exchange/partner-form";
    }

    @PostMapping("/partners/new")
    String onboard(
            Actor actor,
            Model model,
            RedirectAttributes redirect,
            @RequestParam MultiValueMap<String, String> parameters) {
        actor.require(ExchangePermission.MANAGE);
        PartnerForm form = PartnerForm.typed(parameters);
        try {
            Partners.Onboarded onboarded = partners.onboard(actor, draft(form, null));
            showSecret(redirect, onboarded.partner(), onboarded.secret());
            return "redirect:/partners/" + onboarded.partner().id();
        } catch (Problem refusal) {
            return refused(model, refusal, "/partners/new", form, false);
        }
    }

    /** Refuses with everything that is wrong with the form. */
    private PartnerDraft draft(PartnerForm form, @Nullable Partner old) {
        Faults faults = new Faults();
        PartnerDraft draft = form.draft(old, faults);
        faults.check(() -> partners.refuseUnfit(draft));
        faults.refuse();
        return draft;
    }

    private static String refused(Model model, Problem refusal, String action, PartnerForm form, boolean known) {
        if (refusal.code() == AccessProblem.NOT_PERMITTED) {
            throw refusal;
        }
        model.addAttribute("problem", ProblemView.of(refusal));
        return form(model, action, form, known);
    }

    /** Once, on the next page; it is not kept anywhere in clear. */
    private static void showSecret(RedirectAttributes redirect, Partner partner, String secret) {
        redirect.addFlashAttribute("clientId", partner.clientId());
        redirect.addFlashAttribute("secret", secret);
        Notice.good(redirect, "Give the partner its client and its secret now: the secret is not shown again.");
    }

    @GetMapping("/partners/{id}")
    String show(Actor actor, Model model, @PathVariable UUID id) {
        Partner partner = partners.show(actor, id);
        model.addAttribute("partner", partner);
        model.addAttribute("fingerprints", PartnerKeys.fingerprints(partner));
        model.addAttribute("silent", silent.of(id));
        model.addAttribute("rules", rules(partner));
        model.addAttribute("registries", registries.all());
        model.addAttribute("address", settings.address());
        model.addAttribute("graphql", registries.all().stream().anyMatch(GraphqlRegistry.class::isInstance));
        model.addAttribute("unsigned", partner.terms().signatures() != SignaturePolicy.REQUIRED);
        model.addAttribute("mayManage", actor.may(ExchangePermission.MANAGE));
        return "exchange/partner";
    }

    /** One form for each registry and each purpose that is agreed, and one for none. */
    private List<RuleView> rules(Partner partner) {
        List<DisclosureRule> known = partners.rules(partner.id());
        List<RuleView> views = new ArrayList<>();
        for (ServedRegistry registry : registries.all()) {
            Set<String> purposes = known.stream()
                    .filter(rule -> rule.registry().equals(registry.prefix()))
                    .map(DisclosureRule::purpose)
                    .collect(Collectors.toCollection(java.util.TreeSet::new));
            purposes.add("");
            for (String purpose : purposes) {
                Disclosure disclosure = known.stream()
                        .filter(rule -> rule.registry().equals(registry.prefix())
                                && rule.purpose().equals(purpose))
                        .map(DisclosureRule::disclosure)
                        .findFirst()
                        .orElse(new Disclosure(Set.of(), Set.of()));
                views.add(
                        new RuleView(registry.prefix(), registry.title(), purpose, registry.attributes(), disclosure));
            }
        }
        return views;
    }

    /** What is told of one registry for one purpose, with all that could be. */
    record RuleView(String registry, String title, String purpose, List<String> attributes, Disclosure disclosure) {}

    @PostMapping("/partners/{id}/disclosure")
    String disclose(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam MultiValueMap<String, String> parameters) {
        String registry = Objects.requireNonNullElse(parameters.getFirst("registry"), "");
        String purpose =
                Objects.requireNonNullElse(parameters.getFirst("purpose"), "").strip();
        List<String> possible =
                registries.at(registry).map(ServedRegistry::attributes).orElse(List.of());
        Set<String> open = chosen(possible, parameters, "open");
        if (parameters.containsKey("new") && !possible.isEmpty()) {
            open = Set.of(possible.getFirst());
        }
        partners.disclose(
                actor,
                id,
                new DisclosureRule(registry, purpose, new Disclosure(open, chosen(possible, parameters, "masked"))));
        Notice.good(redirect, "From its next message on, the partner is told this and nothing else.");
        return "redirect:/partners/" + id;
    }

    private static Set<String> chosen(List<String> possible, MultiValueMap<String, String> parameters, String how) {
        return possible.stream()
                .filter(attribute -> how.equals(parameters.getFirst("tell-" + attribute)))
                .collect(Collectors.toSet());
    }

    @GetMapping("/partners/{id}/edit")
    String edit(Actor actor, Model model, @PathVariable UUID id) {
        actor.require(ExchangePermission.MANAGE);
        Partner partner = partners.show(actor, id);
        model.addAttribute("version", partner.version());
        return form(model, "/partners/" + id + "/edit", PartnerForm.of(PartnerDraft.of(partner)), true);
    }

    @PostMapping("/partners/{id}/edit")
    String change(
            Actor actor,
            Model model,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam int version,
            @RequestParam MultiValueMap<String, String> parameters) {
        actor.require(ExchangePermission.MANAGE);
        PartnerForm form = PartnerForm.typed(parameters);
        try {
            partners.change(actor, id, version, draft(form, partners.show(actor, id)));
        } catch (Problem refusal) {
            model.addAttribute("version", version);
            return refused(model, refusal, "/partners/" + id + "/edit", form, true);
        }
        Notice.good(redirect, "The agreement was changed; it holds from the partner's next message on.");
        return "redirect:/partners/" + id;
    }

    @PostMapping("/partners/{id}/keys")
    String checkKeys(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        actor.require(ExchangePermission.MANAGE);
        int count = keys.check(partners.show(actor, id));
        Notice.good(
                redirect,
                count == 1 ? "One key for signatures was found." : count + " keys for signatures were found.");
        return "redirect:/partners/" + id;
    }

    @GetMapping("/partners/{id}/suspend")
    String askToSuspend(Actor actor, Model model, @PathVariable UUID id) {
        actor.require(ExchangePermission.MANAGE);
        Partner partner = partners.show(actor, id);
        model.addAttribute(
                "confirmation",
                Confirmation.of(
                                "Suspend " + partner.name() + "?",
                                "Its messages are refused from now on, and nothing is sent to it.",
                                "/partners/" + id + "/suspend",
                                "Suspend",
                                "/partners/" + id)
                        .warning("What waits for it is kept, and sent when it is let in again.")
                        .askingReason("Why")
                        .grave());
        return "console/confirm";
    }

    @PostMapping("/partners/{id}/suspend")
    String suspend(Actor actor, RedirectAttributes redirect, @PathVariable UUID id, @RequestParam String reason) {
        partners.suspend(actor, id, true, reason);
        Notice.good(redirect, "The partner is suspended.");
        return "redirect:/partners/" + id;
    }

    @PostMapping("/partners/{id}/reinstate")
    String reinstate(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        partners.suspend(actor, id, false, "");
        Notice.good(redirect, "The partner is let in again.");
        return "redirect:/partners/" + id;
    }

    @GetMapping("/partners/{id}/secret")
    String askForSecret(Actor actor, Model model, @PathVariable UUID id) {
        actor.require(ExchangePermission.MANAGE);
        Partner partner = partners.show(actor, id);
        model.addAttribute(
                "confirmation",
                Confirmation.of(
                                "A new secret for " + partner.name() + "?",
                                "The old one ends at once. Tokens that it has bought live on for at most 15 minutes.",
                                "/partners/" + id + "/secret",
                                "Make a new secret",
                                "/partners/" + id)
                        .grave());
        return "console/confirm";
    }

    @PostMapping("/partners/{id}/secret")
    String renewSecret(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        String secret = partners.renewSecret(actor, id);
        showSecret(redirect, partners.show(actor, id), secret);
        return "redirect:/partners/" + id;
    }
}
