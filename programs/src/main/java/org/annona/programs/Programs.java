package org.annona.programs;

import java.time.LocalDate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.annona.access.Actor;
import org.annona.foundation.job.Jobs;
import org.annona.programs.approval.ApprovalRequest;
import org.annona.programs.approval.Approvals;
import org.annona.programs.cycle.Cycle;
import org.annona.programs.cycle.Cycles;
import org.annona.programs.cycle.PaymentOutcomes;
import org.annona.programs.deciding.Deciding;
import org.annona.programs.duplication.CheckMembers;
import org.annona.programs.duplication.CheckMode;
import org.annona.programs.duplication.CheckReports;
import org.annona.programs.duplication.Checks;
import org.annona.programs.duplication.Sources;
import org.annona.programs.eligibility.Assessment;
import org.annona.programs.eligibility.Assessments;
import org.annona.programs.enrolment.Enrolments;
import org.annona.programs.population.SubjectKind;
import org.annona.programs.programme.Programme;
import org.annona.programs.programme.ProgrammeForm;
import org.annona.programs.programme.ProgrammeTemplate;
import org.annona.programs.programme.Programmes;

/** What this block does for others: the operations that people start on its pages. */
public final class Programs {

    private final Programmes programmes;
    private final Assessments assessments;
    private final Enrolments enrolments;
    private final Cycles cycles;
    private final Approvals approvals;
    private final Deciding deciding;
    private final PaymentOutcomes outcomes;
    private final Sources duplicationSources;
    private final Checks duplicationChecks;
    private final CheckReports duplicationReports;
    private final CheckMembers duplicationMembers;
    private final Jobs jobs;

    Programs(
            Programmes programmes,
            Assessments assessments,
            Enrolments enrolments,
            Cycles cycles,
            Approvals approvals,
            Deciding deciding,
            PaymentOutcomes outcomes,
            Sources duplicationSources,
            Checks duplicationChecks,
            CheckReports duplicationReports,
            CheckMembers duplicationMembers,
            Jobs jobs) {
        this.duplicationSources = duplicationSources;
        this.duplicationChecks = duplicationChecks;
        this.duplicationReports = duplicationReports;
        this.duplicationMembers = duplicationMembers;
        this.jobs = jobs;
        this.programmes = programmes;
        this.assessments = assessments;
        this.enrolments = enrolments;
        this.cycles = cycles;
        this.approvals = approvals;
        this.deciding = deciding;
        this.outcomes = outcomes;
    }

    /**
     * Makes a draft from a template.
     *
     * @param answers in place of those that the template proposes
     */
    public ProgrammeStatus draft(Actor actor, String template, Map<String, String> answers) {
        Map<String, String> all =
                new LinkedHashMap<>(ProgrammeTemplate.byKey(template).answers());
        all.putAll(answers);
        ProgrammeForm form = new ProgrammeForm(all);
        return status(
                programmes.create(actor, form.answer("code"), form.answer("name"), form.terms(programmes.currency())));
    }

    public Optional<ProgrammeStatus> programme(Actor actor, String code) {
        actor.require(ProgramsPermission.VIEW);
        return programmes.findByCode(code).map(this::status);
    }

    private ProgrammeStatus status(Programme programme) {
        Programme.Version newest = programmes.versions(programme.id()).getFirst();
        return new ProgrammeStatus(
                programme.id(),
                programme.code(),
                programme.name(),
                Programmes.state(programme.state()),
                newest.terms().reading(newest.terms().catalogue(programmes.currency())));
    }

    /** Asks for the approval of the newest terms. */
    public UUID submit(Actor actor, UUID programmeId) {
        return programmes.submit(actor, programmeId);
    }

    /** The newest request about a programme or a cycle. */
    public Optional<DecisionRequest> requestOn(Actor actor, UUID subjectId) {
        actor.require(ProgramsPermission.VIEW);
        return approvals
                .newestOn(subjectId)
                .map(request -> new DecisionRequest(
                        request.id(),
                        request.title(),
                        request.state() == ApprovalRequest.State.OPEN,
                        request.openStage(),
                        HexFormat.of().formatHex(request.digest())));
    }

    /** @param digest of what the actor looked at */
    public void approve(Actor actor, UUID requestId, String digest, String reason) {
        deciding.approve(actor, requestId, digest, reason);
    }

    public void reject(Actor actor, UUID requestId, String digest, String reason) {
        deciding.reject(actor, requestId, digest, reason);
    }

    public UUID assess(Actor actor, UUID programmeId) {
        return assessments.begin(actor, programmeId).id();
    }

    public Optional<AssessmentStatus> newestAssessment(Actor actor, UUID programmeId) {
        actor.require(ProgramsPermission.VIEW);
        return assessments.newestOf(programmeId).map(this::status);
    }

    private AssessmentStatus status(Assessment assessment) {
        Map<String, Long> missing = new LinkedHashMap<>();
        assessments.missing(assessment).forEach(lack -> missing.put(lack.label(), lack.households()));
        return new AssessmentStatus(
                assessment.id(),
                assessment.state() != Assessment.State.RUNNING,
                assessment.eligible(),
                assessment.notEligible(),
                assessment.unknown(),
                assessment.newlyEligible(),
                assessment.costMinor(),
                missing);
    }

    /** @return the job */
    public UUID enrol(Actor actor, UUID assessmentId) {
        return enrolments.enrolEligible(actor, assessmentId);
    }

    /** Code and name of each programme that takes households as applicants now. */
    public Map<String, String> takingApplicants() {
        return programmes.active().stream()
                .filter(programme -> programme.subject() == SubjectKind.HOUSEHOLD)
                .collect(Collectors.toMap(Programme::code, Programme::name, (one, same) -> one, LinkedHashMap::new));
    }

    /**
     * Households of a cycle that may not be paid any more, because they left, are suspended or held, or the payee has died.
     *
     * @return line key to the code of the reason
     */
    public Map<String, String> stopped(String orderKey, List<String> lineKeys) {
        return cycles.stopped(orderKey, lineKeys);
    }

    /** Code and name of each programme that funds can be announced for. */
    public Map<String, String> fundable() {
        return programmes.fundable().stream()
                .collect(Collectors.toMap(Programme::code, Programme::name, (one, same) -> one, LinkedHashMap::new));
    }

    /** Makes applicants of households that come from elsewhere; see {@link Enrolments#bring}. */
    public Applicants bring(String programmeCode, List<UUID> households, String cause) {
        return enrolments.bring(programmeCode, households, cause);
    }

    /** Households per state of their enrolment. */
    public Map<String, Long> enrolled(Actor actor, UUID programmeId) {
        actor.require(ProgramsPermission.VIEW);
        return enrolments.countsByState(programmeId);
    }

    public CycleStatus openCycle(Actor actor, UUID programmeId, String code, LocalDate payOn) {
        return status(cycles.open(actor, programmeId, code, payOn));
    }

    public Optional<CycleStatus> cycle(Actor actor, UUID programmeId, String code) {
        actor.require(ProgramsPermission.VIEW);
        return cycles.findByCode(programmeId, code).map(this::status);
    }

    public CycleStatus cycle(Actor actor, UUID cycleId) {
        return status(cycles.show(actor, cycleId));
    }

    private CycleStatus status(Cycle cycle) {
        List<CycleStatus.Outcome> counts = cycles.counts(cycle.id()).stream()
                .map(count -> new CycleStatus.Outcome(
                        count.state(),
                        count.households(),
                        count.amountMinor(),
                        count.settledMinor(),
                        count.returnedMinor()))
                .toList();
        return new CycleStatus(
                cycle.id(),
                cycle.code(),
                Cycles.state(cycle.state()),
                cycle.households(),
                cycle.payable(),
                cycle.totalMinor(),
                cycle.summary().held(),
                cycle.paymentState(),
                cycle.cancelledBy() == null ? cycle.paymentNote() : cycle.cancelReason(),
                counts);
    }

    /**
     * A registry of beneficiaries that is asked at once; its other terms are changed on its page.
     *
     * @param senderId of the partner whose registry it is
     * @param basis on what ground identifiers leave
     * @param ownProgrammes codes under which our own programmes are known there
     */
    public UUID createDuplicationSource(
            Actor actor, String name, String senderId, String basis, Set<String> ownProgrammes) {
        return duplicationSources.create(
                actor, new Sources.Draft(name, senderId, CheckMode.AT_ONCE, true, basis, ownProgrammes, null));
    }

    public Optional<UUID> duplicationSource(Actor actor, String name) {
        actor.require(ProgramsPermission.VIEW);
        return duplicationSources.all().stream()
                .filter(source -> source.terms().name().equals(name))
                .map(Sources.Source::id)
                .findFirst();
    }

    /** Which of these people live in a household that is enrolled in the programme today. */
    public Set<UUID> beneficiariesAmong(Actor actor, UUID programme, Collection<UUID> people) {
        actor.require(ProgramsPermission.VIEW);
        return enrolments.enrolledAmong(programme, people);
    }

    /** @return the check */
    public UUID checkForDuplicates(Actor actor, UUID source, UUID person) {
        return duplicationChecks.checkNow(actor, source, person);
    }

    /** Checks all members of the households of a programme. @return the job */
    public UUID checkAllForDuplicates(Actor actor, UUID source, UUID programme) {
        return duplicationMembers.order(actor, source, programme);
    }

    public DuplicationStatus duplication(Actor actor, UUID source) {
        actor.require(ProgramsPermission.VIEW);
        boolean running = jobs.ofSubject(CheckMembers.subject(source), 5).stream()
                .anyMatch(job -> !job.state().isEnded());
        return new DuplicationStatus(running, duplicationReports.countByResult(source));
    }

    /** Fetches at once what became of payments; otherwise done by itself now and then. */
    public void collectOutcomes() {
        outcomes.collect();
    }
}
