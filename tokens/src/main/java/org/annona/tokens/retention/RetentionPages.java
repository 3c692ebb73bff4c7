package org.annona.tokens.retention;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.annona.access.AccessProblem;
import org.annona.access.Actor;
import org.annona.console.Notice;
import org.annona.console.ProblemView;
import org.annona.foundation.criteria.odoo.DomainReader.Dialect;
import org.annona.foundation.job.JobView;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.problem.Problem;
import org.annona.tokens.RetentionTerms;
import org.annona.tokens.Subjects;
import org.annona.tokens.TokensPermission;
import org.annona.tokens.TokensProblem;
import org.annona.tokens.retention.RetentionRules.Rule;
import org.annona.tokens.retention.RetentionRules.Run;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The rules by which virtual IDs are taken away, with what each did. */
@Controller
public final class RetentionPages {

    private static final String PATH = "/token-retention";

    private final RetentionRules rules;
    private final Subjects subjects;
    private final Jobs jobs;

    public RetentionPages(RetentionRules rules, Subjects subjects, Jobs jobs) {
        this.rules = rules;
        this.subjects = subjects;
        this.jobs = jobs;
    }

    /** @param plain for whom it is, in a sentence */
    record View(
            Rule rule,
            String plain,
            List<Run> runs,
            @Nullable JobView job) {}

    @GetMapping(PATH)
    String list(Actor actor, Model model) {
        model.addAttribute(
                "rules",
                rules.all(actor).stream().map(rule -> view(actor, rule)).toList());
        model.addAttribute("mayConfigure", actor.may(TokensPermission.CONFIGURE));
        model.addAttribute("mayOperate", actor.may(TokensPermission.OPERATE));
        return "tokens/retention";
    }

    private View view(Actor actor, Rule rule) {
        JobView job = jobs.ofSubject("retention/" + rule.id(), 1).stream()
                .filter(newest -> !newest.state().isEnded())
                .findFirst()
                .orElse(null);
        return new View(rule, reading(rule), rules.runs(actor, rule.id()), job);
    }

    private String reading(Rule rule) {
        try {
            return subjects.read(rule.terms().filter(), rule.terms().dialect()).plain();
        } catch (Problem refused) {
            return refused.sentence();
        }
    }

    @GetMapping(PATH + "/new")
    String blank(Actor actor, Model model) {
        actor.require(TokensPermission.CONFIGURE);
        return form(model, PATH + "/new", texts("", true, RetentionTerms.preset()), null);
    }

    private static Map<String, String> texts(String name, boolean active, RetentionTerms terms) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("name", name);
        texts.put("active", Boolean.toString(active));
        texts.put("filter", terms.filter());
        texts.put("type", terms.types().iterator().next());
        texts.put("held", terms.whereHeld().iterator().next());
        texts.put("window", Integer.toString(terms.windowDays()));
        texts.put("keepHash", Boolean.toString(terms.keepHash()));
        texts.put("atOnce", Boolean.toString(terms.atOnce()));
        texts.put("sweep", Integer.toString(terms.sweepMinutes()));
        return texts;
    }

    private String form(Model model, String action, Map<String, String> texts, @Nullable Integer version) {
        model.addAttribute("action", action);
        model.addAttribute("form", texts);
        model.addAttribute("version", version);
        Map<String, String> kinds = new LinkedHashMap<>();
        subjects.identifierKinds().forEach(kind -> kinds.put(kind.code(), kind.label()));
        model.addAttribute("kinds", kinds);
        model.addAttribute("switches", choices("on", "off"));
        model.addAttribute("hashes", choices("stays, so that a list does not bring the value back", "goes too"));
        model.addAttribute(
                "moments",
                choices("at once, with the arrival of the token; the sweep finds the rest", "by the sweep only"));
        return "tokens/retention-form";
    }

    private static Map<String, String> choices(String yes, String no) {
        Map<String, String> choices = new LinkedHashMap<>();
        choices.put("true", yes);
        choices.put("false", no);
        return choices;
    }

    @PostMapping(PATH + "/new")
    String create(Actor actor, Model model, RedirectAttributes redirect, @RequestParam Map<String, String> parameters) {
        return save(actor, model, redirect, parameters, PATH + "/new", null, null);
    }

    @GetMapping(PATH + "/{id}")
    String edit(Actor actor, Model model, @PathVariable UUID id) {
        actor.require(TokensPermission.CONFIGURE);
        Rule rule = rules.find(id).orElseThrow(() -> Problem.of(TokensProblem.RULE_UNKNOWN));
        return form(model, PATH + "/" + id, texts(rule.name(), rule.active(), rule.terms()), rule.version());
    }

    @PostMapping(PATH + "/{id}")
    String change(
            Actor actor,
            Model model,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam int version,
            @RequestParam Map<String, String> parameters) {
        return save(actor, model, redirect, parameters, PATH + "/" + id, id, version);
    }

    private String save(
            Actor actor,
            Model model,
            RedirectAttributes redirect,
            Map<String, String> parameters,
            String action,
            @Nullable UUID id,
            @Nullable Integer version) {
        actor.require(TokensPermission.CONFIGURE);
        Map<String, String> texts = new LinkedHashMap<>(texts("", true, RetentionTerms.preset()));
        texts.replaceAll((name, usual) -> parameters.getOrDefault(name, "").strip());
        try {
            RetentionTerms terms = terms(texts);
            if (parameters.containsKey("check")) {
                model.addAttribute("report", rules.check(actor, terms));
                return form(model, action, texts, version);
            }
            String name = texts.getOrDefault("name", "");
            boolean active = "true".equals(texts.get("active"));
            if (id == null || version == null) {
                rules.create(actor, name, active, terms);
            } else {
                rules.change(actor, id, version, name, active, terms);
            }
            Notice.good(redirect, "The rule was kept.");
            return "redirect:" + PATH;
        } catch (Problem refusal) {
            if (refusal.code() == AccessProblem.NOT_PERMITTED) {
                throw refusal;
            }
            model.addAttribute("problem", ProblemView.of(refusal));
            return form(model, action, texts, version);
        }
    }

    private static RetentionTerms terms(Map<String, String> texts) {
        return new RetentionTerms(
                texts.getOrDefault("filter", ""),
                Dialect.ODOO_17,
                Set.of(texts.getOrDefault("type", "")),
                Set.of(texts.getOrDefault("held", "")),
                number(texts, "window", "Days in which it can be undone"),
                "true".equals(texts.get("keepHash")),
                "true".equals(texts.get("atOnce")),
                number(texts, "sweep", "Minutes between sweeps"));
    }

    private static int number(Map<String, String> texts, String name, String label) {
        String text = texts.getOrDefault(name, "");
        if (!text.matches("\\d{1,6}")) {
            throw Problem.of(TokensProblem.CONNECTOR_UNFIT, "faults", label + ": it is a whole number.");
        }
        return Integer.parseInt(text);
    }

    @PostMapping(PATH + "/{id}/sweep")
    String sweep(Actor actor, RedirectAttributes redirect, @PathVariable UUID id, @RequestParam boolean dry) {
        rules.sweep(actor, id, dry);
        Notice.good(redirect, dry ? "It is being counted." : "The sweep has begun.");
        return "redirect:" + PATH;
    }
}
