package org.annona.programs.duplication;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.annona.access.AccessProblem;
import org.annona.access.Actor;
import org.annona.console.Cell;
import org.annona.console.CsvResponse;
import org.annona.console.FilterField;
import org.annona.console.Formats;
import org.annona.console.Notice;
import org.annona.console.ProblemView;
import org.annona.console.TableColumn;
import org.annona.console.TableDefinition;
import org.annona.console.Tone;
import org.annona.foundation.job.JobView;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.annona.programs.PersonDirectory.Described;
import org.annona.programs.ProgramsPermission;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.duplication.CheckReports.Check;
import org.annona.programs.duplication.Sources.Draft;
import org.annona.programs.duplication.Sources.Source;
import org.annona.programs.duplication.TypedQuestions.Answer;
import org.annona.programs.programme.Programme;
import org.annona.programs.programme.Programmes;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Checks for duplicates: the sources that are asked, the checks with their evidence, and their review. */
@Controller
public final class DuplicationPages {

    private static final String CHECKS = "/duplication-checks";
    /** Beside the pages of programmes, which registrars do not see. */
    private static final String TYPED = "/assisted-elsewhere";

    private static final String SOURCES = "/duplication-sources";
    private static final Map<String, String> RESULTS = choices(
            "not_checked", "not checked",
            "no_match", "no match",
            "possible_match", "possible match",
            "confirmed_match", "confirmed match",
            "inconclusive", "inconclusive");
    private static final Map<String, String> REVIEWS =
            choices("open", "to be decided", "no_duplicate", "no duplicate", "duplicate", "duplicate");

    private final Sources sources;
    private final Checks checks;
    private final CheckReports reports;
    private final CheckedPeople people;
    private final Reviews reviews;
    private final TypedQuestions typedQuestions;
    private final CheckMembers members;
    private final BlindQuestions blind;
    private final Programmes programmes;
    private final Jobs jobs;
    private final TableDefinition<Check> table;

    public DuplicationPages(
            Sources sources,
            Checks checks,
            CheckReports reports,
            CheckedPeople people,
            Reviews reviews,
            TypedQuestions typedQuestions,
            CheckMembers members,
            BlindQuestions blind,
            Programmes programmes,
            Jobs jobs,
            Formats formats) {
        this.sources = sources;
        this.checks = checks;
        this.reports = reports;
        this.people = people;
        this.reviews = reviews;
        this.typedQuestions = typedQuestions;
        this.members = members;
        this.blind = blind;
        this.programmes = programmes;
        this.jobs = jobs;
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.<Check>of(
                                "Household",
                                row -> Cell.link(
                                        row.householdRef().isEmpty() ? "none today" : row.householdRef(),
                                        CHECKS + "/" + row.id())),
                        TableColumn.<Check>of("Source", row -> Cell.text(row.source())),
                        TableColumn.<Check>of("Result", DuplicationPages::result),
                        TableColumn.<Check>of("Elsewhere", row -> Cell.text(row.programmes())),
                        TableColumn.<Check>of("Because", row -> Cell.text(row.error())),
                        TableColumn.<Check>of("Review", DuplicationPages::review),
                        TableColumn.<Check>of("Changed", row -> Cell.text(formats.time(row.changedAt())))
                                .sortedBy("changed")),
                List.of(
                        FilterField.choice("result", "Result", RESULTS),
                        FilterField.choice("review", "Review", REVIEWS),
                        FilterField.text("source", "Source", "its whole name")),
                "Checks stand here once a source was asked.");
    }

    private static Map<String, String> choices(String... pairs) {
        Map<String, String> choices = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            choices.put(pairs[i], pairs[i + 1]);
        }
        return choices;
    }

    private static Cell result(Check check) {
        return check.state().equals("checking")
                ? Cell.badge("is being asked", Tone.ACTIVE)
                : result(check.result(), check.incomplete());
    }

    private static Cell result(String result, boolean incomplete) {
        String words = RESULTS.getOrDefault(result, result) + (incomplete ? ", incomplete" : "");
        return switch (result) {
            case "no_match" -> Cell.badge(words, Tone.GOOD);
            case "confirmed_match" -> Cell.badge(words, Tone.BAD);
            case "possible_match", "inconclusive" -> Cell.badge(words, Tone.ATTENTION);
            default -> Cell.badge(words, Tone.QUIET);
        };
    }

    private static Cell review(Check check) {
        String review = check.review();
        if (review == null) {
            return Cell.text("");
        }
        return Cell.badge(REVIEWS.getOrDefault(review, review), review.equals("open") ? Tone.ATTENTION : Tone.QUIET);
    }

    @GetMapping(CHECKS)
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view(CHECKS, request, reports.page(actor, request)));
        model.addAttribute("sources", sources.all());
        model.addAttribute("mayCheck", actor.may(ProgramsPermission.CHECK_DUPLICATES));
        return "programs/duplication-checks";
    }

    @GetMapping(CHECKS + ".csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(ProgramsPermission.VIEW);
        CsvResponse.send(
                response,
                "duplication-checks.csv",
                out -> table.export(out, TableDefinition.request(parameters), request -> reports.page(actor, request)));
    }

    @GetMapping(CHECKS + "/{id}")
    String show(Actor actor, Model model, @PathVariable UUID id) {
        Check check = reports.show(actor, id);
        model.addAttribute("check", check);
        model.addAttribute("result", result(check));
        List<CheckReports.Attempt> attempts = reports.attempts(id);
        model.addAttribute("attempts", attempts);
        model.addAttribute(
                "found",
                attempts.stream()
                        .filter(attempt -> attempt.answeredAt() != null)
                        .findFirst()
                        .map(CheckReports.Attempt::found)
                        .orElse(List.of()));
        model.addAttribute("person", people.describe(actor, check.personId()).orElse(null));
        model.addAttribute("enrolments", people.enrolments(actor, check.personId()));
        model.addAttribute("mayCheck", actor.may(ProgramsPermission.CHECK_DUPLICATES));
        model.addAttribute(
                "mayReview", actor.may(ProgramsPermission.REVIEW_DUPLICATES) && "open".equals(check.review()));
        return "programs/duplication-check";
    }

    /** A source, and what it said of the person; null where it was not asked. */
    public record OfPerson(Source source, @Nullable Check check, Cell result) {}

    @GetMapping(CHECKS + "/of/{person}")
    String ofPerson(Actor actor, Model model, @PathVariable UUID person) {
        Map<UUID, Check> checks = new HashMap<>();
        reports.ofPerson(actor, person).forEach(check -> checks.put(check.sourceId(), check));
        model.addAttribute("person", person);
        Described described = people.describe(actor, person).orElse(null);
        if (described == null && !reports.knows(person)) {
            throw Problem.of(FoundationProblem.NOT_FOUND, "what", "person");
        }
        model.addAttribute("described", described);
        model.addAttribute("mayView", actor.may(ProgramsPermission.VIEW));
        model.addAttribute(
                "enrolments", actor.may(ProgramsPermission.VIEW) ? people.enrolments(actor, person) : List.of());
        model.addAttribute(
                "rows",
                sources.all().stream()
                        .map(source -> {
                            Check check = checks.get(source.id());
                            return new OfPerson(source, check, check == null ? Cell.text("") : result(check));
                        })
                        .toList());
        model.addAttribute("mayCheck", actor.may(ProgramsPermission.ASK_DUPLICATES));
        return "programs/duplication-person";
    }

    @PostMapping(CHECKS + "/{id}/again")
    String again(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        Check check = reports.show(actor, id);
        checks.checkNow(actor, check.sourceId(), check.personId());
        Notice.good(redirect, "The registry was asked.");
        return "redirect:" + CHECKS + "/" + id;
    }

    /** From the page of a person or a household. */
    @PostMapping(CHECKS)
    String checkPerson(Actor actor, RedirectAttributes redirect, @RequestParam UUID source, @RequestParam UUID person) {
        UUID id = checks.checkNow(actor, source, person);
        Notice.good(redirect, "The registry was asked.");
        return afterAsking(actor, id, person);
    }

    /** A registrar asks about people, and sees no programmes. */
    private static String afterAsking(Actor actor, UUID check, UUID person) {
        return "redirect:" + CHECKS + (actor.may(ProgramsPermission.VIEW) ? "/" + check : "/of/" + person);
    }

    @GetMapping(TYPED)
    String typed(Actor actor, Model model) {
        actor.require(ProgramsPermission.ASK_DUPLICATES);
        return typed(model, Map.of(), null);
    }

    private String typed(Model model, Map<String, String> texts, Answer.@Nullable OfNobodyHere answer) {
        Map<String, String> askable = new LinkedHashMap<>();
        sources.all().stream()
                .filter(source -> source.terms().active())
                .forEach(source ->
                        askable.put(source.id().toString(), source.terms().name()));
        model.addAttribute("sources", askable);
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("source", texts.getOrDefault("source", ""));
        shown.put("type", texts.getOrDefault("type", "UIN"));
        shown.put("value", texts.getOrDefault("value", ""));
        shown.put("reason", texts.getOrDefault("reason", ""));
        model.addAttribute("texts", shown);
        model.addAttribute("answer", answer);
        model.addAttribute("result", answer == null ? Cell.text("") : result(answer.result(), answer.incomplete()));
        return "programs/duplication-typed";
    }

    /** The answer is shown once, and not kept where the identifier belongs to no person of our registry; its page has no address. */
    @PostMapping(TYPED)
    String askTyped(
            Actor actor, Model model, RedirectAttributes redirect, @RequestParam Map<String, String> parameters) {
        actor.require(ProgramsPermission.ASK_DUPLICATES);
        try {
            Answer answer = typedQuestions.ask(
                    actor,
                    source(parameters.getOrDefault("source", "")),
                    parameters.getOrDefault("type", "").strip(),
                    parameters.getOrDefault("value", "").strip(),
                    parameters.getOrDefault("reason", "").strip());
            return switch (answer) {
                case Answer.OfPerson(UUID check, UUID person) -> {
                    Notice.good(
                            redirect, "The identifier belongs to a person of our registry. The registry was asked.");
                    yield afterAsking(actor, check, person);
                }
                case Answer.OfNobodyHere nobody -> typed(model, parameters, nobody);
            };
        } catch (Problem refusal) {
            model.addAttribute("problem", ProblemView.of(refusal));
            return typed(model, parameters, null);
        }
    }

    private static UUID source(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException none) {
            throw Problem.of(ProgramsProblem.DUPLICATION_QUESTION_UNFIT, "reason", "choose a registry");
        }
    }

    @PostMapping(CHECKS + "/{id}/review")
    String review(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam String decision,
            @RequestParam String reason) {
        if (!decision.equals("duplicate") && !decision.equals("no_duplicate")) {
            throw Problem.of(ProgramsProblem.DUPLICATION_REVIEW_UNFIT, "reason", "choose one of the two");
        }
        reviews.decide(actor, id, decision.equals("duplicate"), reason);
        Notice.good(redirect, "Decided.");
        return "redirect:" + CHECKS + "?f.review=open";
    }

    @GetMapping(SOURCES + "/new")
    String blank(Actor actor, Model model) {
        actor.require(ProgramsPermission.CHECK_DUPLICATES);
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("name", "");
        texts.put("senderId", "");
        texts.put("manner", CheckMode.AT_ONCE.name());
        texts.put("active", "true");
        texts.put("basis", "");
        texts.put("own", programmes.active().stream().map(Programme::code).collect(Collectors.joining(" ")));
        texts.put("days", "90");
        return form(model, SOURCES + "/new", texts, null);
    }

    private String form(Model model, String action, Map<String, String> texts, @Nullable Integer version) {
        model.addAttribute("action", action);
        model.addAttribute("form", texts);
        model.addAttribute("version", version);
        Map<String, String> partners = new LinkedHashMap<>();
        sources.partners().forEach(other -> partners.put(other.senderId(), other.name()));
        model.addAttribute("partners", partners);
        Map<String, String> manners = new LinkedHashMap<>();
        Arrays.stream(CheckMode.values()).forEach(manner -> manners.put(manner.name(), manner.label()));
        model.addAttribute("manners", manners);
        model.addAttribute("switches", choices("true", "on", "false", "off"));
        return "programs/duplication-source-form";
    }

    @PostMapping(SOURCES + "/new")
    String create(Actor actor, Model model, RedirectAttributes redirect, @RequestParam Map<String, String> parameters) {
        return save(actor, model, redirect, parameters, null, null);
    }

    @GetMapping(SOURCES + "/{id}/edit")
    String edit(Actor actor, Model model, @PathVariable UUID id) {
        actor.require(ProgramsPermission.CHECK_DUPLICATES);
        Source source = sources.show(actor, id);
        Draft terms = source.terms();
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("name", terms.name());
        texts.put("senderId", terms.senderId());
        texts.put("manner", terms.manner().name());
        texts.put("active", Boolean.toString(terms.active()));
        texts.put("basis", terms.basis());
        texts.put("own", String.join(" ", terms.ownProgrammes()));
        texts.put("days", terms.recheckDays() == null ? "" : terms.recheckDays().toString());
        return form(model, SOURCES + "/" + id + "/edit", texts, source.version());
    }

    @PostMapping(SOURCES + "/{id}/edit")
    String change(
            Actor actor,
            Model model,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam int version,
            @RequestParam Map<String, String> parameters) {
        return save(actor, model, redirect, parameters, id, version);
    }

    private String save(
            Actor actor,
            Model model,
            RedirectAttributes redirect,
            Map<String, String> parameters,
            @Nullable UUID id,
            @Nullable Integer version) {
        actor.require(ProgramsPermission.CHECK_DUPLICATES);
        try {
            Draft draft = draft(parameters);
            UUID saved = id;
            if (saved == null || version == null) {
                saved = sources.create(actor, draft);
            } else {
                sources.change(actor, saved, version, draft);
            }
            Notice.good(redirect, "The source was kept.");
            return "redirect:" + SOURCES + "/" + saved;
        } catch (Problem refusal) {
            if (refusal.code() == AccessProblem.NOT_PERMITTED) {
                throw refusal;
            }
            model.addAttribute("problem", ProblemView.of(refusal));
            String action = id == null ? SOURCES + "/new" : SOURCES + "/" + id + "/edit";
            return form(model, action, new LinkedHashMap<>(parameters), version);
        }
    }

    private static CheckMode manner(String name) {
        return Arrays.stream(CheckMode.values())
                .filter(manner -> manner.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> Problem.of(ProgramsProblem.DUPLICATION_SOURCE_UNFIT, "reason", "choose how it is asked"));
    }

    private static Draft draft(Map<String, String> parameters) {
        String days = parameters.getOrDefault("days", "").strip();
        if (!days.matches("\\d{0,4}")) {
            throw Problem.of(
                    ProgramsProblem.DUPLICATION_SOURCE_UNFIT, "reason", "answers are asked for again after whole days");
        }
        return new Draft(
                parameters.getOrDefault("name", ""),
                parameters.getOrDefault("senderId", ""),
                manner(parameters.getOrDefault("manner", "")),
                "true".equals(parameters.get("active")),
                parameters.getOrDefault("basis", ""),
                Arrays.stream(parameters.getOrDefault("own", "").split("[\\s,]+"))
                        .filter(code -> !code.isEmpty())
                        .collect(Collectors.toSet()),
                days.isEmpty() ? null : Integer.valueOf(days));
    }

    /** A programme beside a source. @param closed whether it admits people only with clearance */
    public record Gate(UUID programme, String name, boolean closed) {}

    @GetMapping(SOURCES + "/{id}")
    String source(Actor actor, Model model, @PathVariable UUID id) {
        Source source = sources.show(actor, id);
        List<JobView> newest = jobs.ofSubject(CheckMembers.subject(id), 1);
        model.addAttribute("source", source);
        model.addAttribute("job", newest.isEmpty() ? null : newest.getFirst());
        model.addAttribute("list", blind.list(source).orElse(null));
        model.addAttribute("counts", reports.countByResult(id));
        model.addAttribute("results", RESULTS);
        model.addAttribute(
                "gates",
                programmes.active().stream()
                        .map(programme -> new Gate(
                                programme.id(), programme.name(), source.gates().contains(programme.id())))
                        .toList());
        model.addAttribute("mayCheck", actor.may(ProgramsPermission.CHECK_DUPLICATES));
        return "programs/duplication-source";
    }

    @PostMapping(SOURCES + "/{id}/gate")
    String gate(
            Actor actor,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam UUID programme,
            @RequestParam boolean closed) {
        sources.gate(actor, id, programme, closed);
        Notice.good(
                redirect,
                closed
                        ? "From now on the programme admits nobody whom this source does not clear."
                        : "The programme does not wait for this source any more.");
        return "redirect:" + SOURCES + "/" + id;
    }

    @PostMapping(SOURCES + "/{id}/check")
    String checkAll(Actor actor, RedirectAttributes redirect, @PathVariable UUID id, @RequestParam UUID programme) {
        members.order(actor, id, programme);
        Notice.good(redirect, "All members of the programme are being checked.");
        return "redirect:" + SOURCES + "/" + id;
    }
}
