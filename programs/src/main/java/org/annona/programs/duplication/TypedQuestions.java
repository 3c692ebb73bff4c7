package org.annona.programs.duplication;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.problem.Problem;
import org.annona.programs.BeneficiaryRegistries.Evidence;
import org.annona.programs.BeneficiaryRegistries.Finding;
import org.annona.programs.BeneficiaryRegistries.Match;
import org.annona.programs.PersonDirectory;
import org.annona.programs.PersonDirectory.Identifier;
import org.annona.programs.ProgramsPermission;
import org.annona.programs.ProgramsProblem;
import org.annona.programs.duplication.Sources.Source;

/**
 * Questions about an identifier that a user types. A person of our registry gets a check like any other; for another, the
 * answer is shown once. The identifier itself is kept nowhere; who asked, on what ground and why is.
 */
public final class TypedQuestions {

    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 _.:-]{0,39}");
    private static final int LONGEST_VALUE = 100;
    private static final int LONGEST_REASON = 300;

    private final Database database;
    private final Sources sources;
    private final Checks checks;
    private final PersonDirectory directory;
    private final AuditTrail audit = new AuditTrail("programs");

    public TypedQuestions(Database database, Sources sources, Checks checks, PersonDirectory directory) {
        this.database = database;
        this.sources = sources;
        this.checks = checks;
        this.directory = directory;
    }

    sealed interface Answer {

        /** The identifier belongs to a person of our registry, of whom a check is kept. */
        record OfPerson(UUID check, UUID person) implements Answer {}

        /** @param matched the enrolments there that make it a match */
        record OfNobodyHere(String source, String result, boolean incomplete, List<Match> told, String reason)
                implements Answer {}
    }

    Answer ask(Actor actor, UUID sourceId, String type, String value, String reason) {
        actor.require(ProgramsPermission.ASK_DUPLICATES);
        refuseUnfit(type, value, reason);
        Source source = sources.find(sourceId)
                .filter(one -> one.terms().active())
                .orElseThrow(() -> Problem.of(ProgramsProblem.DUPLICATION_SOURCE_UNKNOWN));
        Identifier identifier = new Identifier(type, value);
        Optional<UUID> person = directory.types().contains(type)
                ? directory.find(List.of(identifier)).getFirst()
                : Optional.empty();
        // Before the identifier leaves.
        database.transact(tx -> audit.append(
                tx,
                AuditEvent.of(actor.name(), "programs.duplication.ask", "duplication-source/" + sourceId)
                        .with("type", type)
                        .with("basis", source.terms().basis())
                        .with("known", person.isPresent())
                        .forReason(reason)));
        return person.<Answer>map(known -> new Answer.OfPerson(checks.checkNow(actor, sourceId, known), known))
                .orElseGet(() -> ofNobodyHere(source, checks.queryStatus(sourceId, identifier)));
    }

    private static Answer ofNobodyHere(Source source, Evidence evidence) {
        Verdict verdict = Verdict.of(List.of(evidence), source.terms().ownProgrammes());
        return new Answer.OfNobodyHere(
                source.terms().name(),
                verdict.result().code(),
                verdict.incomplete(),
                evidence.finding() instanceof Finding.Found found ? found.matches() : List.of(),
                verdict.reason());
    }

    private static void refuseUnfit(String type, String value, String reason) {
        String fault = null;
        if (!TYPE.matcher(type).matches()) {
            fault = "the type has 1 to 40 letters, as the other registry calls it, such as UIN";
        } else if (value.isEmpty() || value.length() > LONGEST_VALUE) {
            fault = "the identifier has 1 to " + LONGEST_VALUE + " letters";
        } else if (reason.isBlank() || reason.length() > LONGEST_REASON) {
            fault = "it needs a reason of at most " + LONGEST_REASON + " letters";
        }
        if (fault != null) {
            throw Problem.of(ProgramsProblem.DUPLICATION_QUESTION_UNFIT, "reason", fault);
        }
    }
}
