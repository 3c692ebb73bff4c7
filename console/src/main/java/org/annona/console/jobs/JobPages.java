package org.annona.console.jobs;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.AccessPermission;
import org.annona.access.Actor;
import org.annona.console.Cell;
import org.annona.console.CsvResponse;
import org.annona.console.FilterField;
import org.annona.console.Formats;
import org.annona.console.Notice;
import org.annona.console.TableColumn;
import org.annona.console.TableDefinition;
import org.annona.console.Tone;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.JobList;
import org.annona.foundation.job.JobState;
import org.annona.foundation.job.JobView;
import org.annona.foundation.job.Jobs;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Long work: how far it is, what went wrong, and stopping or resuming it. */
@Controller
public final class JobPages {

    private static final int ERRORS_SHOWN = 200;

    private final Database database;
    private final Jobs jobs;
    private final JobList list;
    private final AuditTrail audit = new AuditTrail("console");
    private final TableDefinition<JobView> table;

    public JobPages(Database database, Formats formats) {
        this.database = database;
        this.jobs = new Jobs(database);
        this.list = new JobList(database);
        this.table = new TableDefinition<>(
                List.of(
                        TableColumn.of("Job", job -> Cell.link(job.title(), "/jobs/" + job.id())),
                        TableColumn.<JobView>of("State", job -> state(job.state())),
                        TableColumn.<JobView>of("Stage", job -> Cell.text(job.stage())),
                        TableColumn.<JobView>of("Done", job -> Cell.text(formats.number(job.rowsDone())))
                                .asNumber(),
                        TableColumn.<JobView>of("Failed", job -> Cell.text(formats.number(job.rowsFailed())))
                                .asNumber(),
                        TableColumn.<JobView>of("Asked by", job -> Cell.text(job.requestedBy())),
                        TableColumn.<JobView>of("Asked at", job -> Cell.text(formats.time(job.requestedAt())))
                                .sortedBy("requested"),
                        TableColumn.<JobView>of(
                                "Took", job -> Cell.text(formats.duration(job.duration(Instant.now()))))),
                List.of(FilterField.choice("state", "State", states())),
                "No job yet. Jobs appear here when an import, an enrolment or a payment begins.");
    }

    private static Map<String, String> states() {
        Map<String, String> states = new LinkedHashMap<>();
        for (JobState state : JobState.values()) {
            states.put(state.code(), state.code());
        }
        return states;
    }

    public static Cell state(JobState state) {
        Tone tone = switch (state) {
            case QUEUED -> Tone.QUIET;
            case RUNNING -> Tone.ACTIVE;
            case WAITING -> Tone.ATTENTION;
            case DONE -> Tone.GOOD;
            case FAILED -> Tone.BAD;
            case CANCELLED -> Tone.QUIET;
        };
        return Cell.badge(state.code(), tone);
    }

    @GetMapping("/jobs")
    String list(Actor actor, Model model, @RequestParam Map<String, String> parameters) {
        actor.require(AccessPermission.VIEW_JOBS);
        PageRequest request = TableDefinition.request(parameters);
        model.addAttribute("table", table.view("/jobs", request, list.page(request)));
        return "console/jobs";
    }

    @GetMapping("/jobs.csv")
    void export(Actor actor, HttpServletResponse response, @RequestParam Map<String, String> parameters)
            throws IOException {
        actor.require(AccessPermission.VIEW_JOBS);
        CsvResponse.send(
                response, "jobs.csv", out -> table.export(out, TableDefinition.request(parameters), list::page));
    }

    @GetMapping("/jobs/{id}")
    String show(Actor actor, Model model, @PathVariable UUID id) {
        actor.require(AccessPermission.VIEW_JOBS);
        model.addAttribute("job", find(id));
        model.addAttribute("errors", jobs.rowErrors(id, 0, ERRORS_SHOWN));
        model.addAttribute("errorsShown", ERRORS_SHOWN);
        model.addAttribute("mayOperate", actor.may(AccessPermission.OPERATE));
        return "console/job";
    }

    /** The part of a page that shows a running job; asked for again and again until the job has ended. */
    @GetMapping("/jobs/{id}/progress")
    String progress(Actor actor, Model model, HttpServletResponse response, @PathVariable UUID id) {
        actor.require(AccessPermission.VIEW_JOBS);
        JobView job = find(id);
        if (job.state().isEnded()) {
            response.setHeader("HX-Refresh", "true");
        }
        model.addAttribute("job", job);
        return "console/progress :: progress(job=${job})";
    }

    @PostMapping("/jobs/{id}/cancel")
    String cancel(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        actor.require(AccessPermission.OPERATE);
        find(id);
        database.transact(tx -> {
            jobs.cancel(tx, id);
            audit.append(tx, AuditEvent.of(actor.name(), "job.cancel", "job/" + id));
        });
        Notice.good(redirect, "The job stops after its current chunk. What it has done so far stays.");
        return "redirect:/jobs/" + id;
    }

    @PostMapping("/jobs/{id}/resume")
    String resume(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        actor.require(AccessPermission.OPERATE);
        find(id);
        database.transact(tx -> {
            jobs.resume(tx, id);
            audit.append(tx, AuditEvent.of(actor.name(), "job.resume", "job/" + id));
        });
        Notice.good(redirect, "The job goes on where it stopped.");
        return "redirect:/jobs/" + id;
    }

    private JobView find(UUID id) {
        return jobs.find(id).orElseThrow(() -> Problem.of(FoundationProblem.NOT_FOUND, "what", "job"));
    }
}
