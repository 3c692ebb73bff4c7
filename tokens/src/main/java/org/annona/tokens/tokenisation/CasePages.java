package org.annona.tokens.tokenisation;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.console.Cell;
import org.annona.console.CsvResponse;
import org.annona.console.FilterField;
import org.annona.console.Formats;
import org.annona.console.Notice;
import org.annona.console.TableColumn;
import org.annona.console.TableDefinition;
import org.annona.console.Tone;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.annona.tokens.TokensPermission;
import org.annona.tokens.TokensProblem;
import org.annona.tokens.tokenisation.Tokenisations.Case;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Cases of two people with one token: the list, and the decision. */
@Controller
public final class CasePages {

    private static final String PATH = "/token-cases";
    private static final Set<String> DECISIONS = Set.of("same_person", "different_people", "try_again");

    private final Tokenisations people;
    private final TableDefinition<Case> table;

    public CasePages(Tokenisations people, Formats formats) {
        this.people = people;
        Map<String, String> states = new LinkedHashMap<>();
        states.put("open", "open");
        states.put("decided", "decided");
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<Case>of(
                                        "Since", row -> Cell.link(formats.time(row.openedAt()), PATH + "/" + row.id()))
                                .sortedBy("opened"),
                        TableColumn.<Case>of(
                                "Asked for", row -> Cell.link(row.reference(), "/people/" + row.personId())),
                        TableColumn.<Case>of(
                                "Has the token",
                                row -> row.otherId() == null
                                        ? Cell.text("she herself, another one")
                                        : Cell.link(row.otherReference(), "/people/" + row.otherId())),
                        TableColumn.<Case>of(
                                "Decision",
                                row -> row.decision() == null
                                        ? Cell.badge("open", Tone.ATTENTION)
                                        : Cell.badge(formats.words(row.decision()), Tone.QUIET))),
                List.of(FilterField.choice("state", "State", states)),
                "A case opens when the identity authority gives a token that somebody else has.");
    }

    /** Without a choice those that are open; the first entry of the filter shows all. */
    private static PageRequest request(Map<String, String> parameters) {
        boolean chosen = parameters.containsKey("f.state");
        PageRequest request = TableDefinition.request(parameters);
        Map<String, String> filters = new LinkedHashMap<>(request.filters());
        filters.putIfAbsent("state", chosen ? "all" : "open");
        return new PageRequest(request.sort(), request.descending(), request.position(), request.size(), filters);
    }

    @GetMapping(PATH)
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = request(parameters);
        model.addAttribute("table", table.view(PATH, request, people.cases(actor, request)));
        return "tokens/cases";
    }

    @GetMapping(PATH + ".csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(TokensPermission.VIEW);
        CsvResponse.send(
                response,
                "token-cases.csv",
                out -> table.export(out, request(parameters), request -> people.cases(actor, request)));
    }

    @GetMapping(PATH + "/{id}")
    String show(Actor actor, Model model, @PathVariable UUID id) {
        model.addAttribute(
                "one",
                people.findCase(actor, id).orElseThrow(() -> Problem.of(FoundationProblem.NOT_FOUND, "what", "case")));
        model.addAttribute("mayDecide", actor.may(TokensPermission.OPERATE));
        return "tokens/case";
    }

    @PostMapping(PATH + "/{id}")
    String decide(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam String decision,
            @RequestParam String reason) {
        if (!DECISIONS.contains(decision)) {
            throw Problem.of(TokensProblem.CASE_DECIDED);
        }
        people.decide(actor, id, decision, reason.strip());
        Notice.good(redirect, "Decided.");
        return "redirect:" + PATH;
    }
}
