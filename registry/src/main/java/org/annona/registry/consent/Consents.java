package org.annona.registry.consent;

import static org.annona.registry.internal.tables.Tables.CONSENT;

import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.audit.AuditEvent;
import org.annona.foundation.audit.AuditTrail;
import org.annona.foundation.database.Database;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.problem.Problem;
import org.annona.registry.RegistryPermission;
import org.annona.registry.RegistryProblem;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/** What people agreed to: one consent in force for each purpose, with the receipt that proves it. */
public final class Consents {

    private static final int LONGEST_RECEIPT = 100;

    private final Database database;
    private final Clock clock;
    private final AuditTrail audit = new AuditTrail("registry");

    public Consents(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** @param inForce false once it was withdrawn */
    public record Consent(UUID id, String purpose, String receipt, LocalDate givenOn, boolean inForce) {}

    /** Of one person, newest first. */
    public List<Consent> of(DSLContext sql, UUID person) {
        return sql.selectFrom(CONSENT)
                .where(CONSENT.PERSON_ID.eq(person))
                .orderBy(CONSENT.RECORDED_AT.desc(), CONSENT.ID)
                .limit(20)
                .fetch(row -> new Consent(
                        row.getId(),
                        row.getPurpose(),
                        row.getReceipt(),
                        row.getGivenOn(),
                        row.getWithdrawnAt() == null));
    }

    public void record(Actor actor, UUID person, String purpose, String receipt, LocalDate givenOn) {
        actor.require(RegistryPermission.EDIT);
        if (!purpose.matches("[a-z0-9][a-z0-9._-]{0,59}")) {
            throw unfit("the purpose is a code of small letters, such as identity-token");
        }
        if (receipt.isBlank() || receipt.length() > LONGEST_RECEIPT) {
            throw unfit("it needs the number of its receipt, of at most " + LONGEST_RECEIPT + " signs");
        }
        if (givenOn.isAfter(LocalDate.now(clock))) {
            throw unfit("its day lies in the future");
        }
        try {
            database.transact(tx -> {
                tx.insertInto(CONSENT)
                        .set(CONSENT.ID, Ids.next())
                        .set(CONSENT.PERSON_ID, person)
                        .set(CONSENT.PURPOSE, purpose)
                        .set(CONSENT.RECEIPT, receipt.strip())
                        .set(CONSENT.GIVEN_ON, givenOn)
                        .set(CONSENT.RECORDED_BY, actor.name())
                        .execute();
                audit.append(
                        tx,
                        AuditEvent.of(actor.name(), "registry.consent.record", "person/" + person)
                                .with("purpose", purpose)
                                .with("receipt", receipt.strip()));
            });
        } catch (DataAccessException clash) {
            if (!Sqlstate.isConflict(clash)) {
                throw clash;
            }
            throw unfit("the person has one for this purpose already");
        }
    }

    public void withdraw(Actor actor, UUID person, UUID consent) {
        actor.require(RegistryPermission.EDIT);
        database.transact(tx -> {
            int withdrawn = tx.update(CONSENT)
                    .set(CONSENT.WITHDRAWN_AT, clock.instant())
                    .set(CONSENT.WITHDRAWN_BY, actor.name())
                    .where(CONSENT.ID.eq(consent), CONSENT.PERSON_ID.eq(person), CONSENT.WITHDRAWN_AT.isNull())
                    .execute();
            if (withdrawn > 0) {
                audit.append(
                        tx,
                        AuditEvent.of(actor.name(), "registry.consent.withdraw", "person/" + person)
                                .with("consent", consent));
            }
        });
    }

    private static Problem unfit(String reason) {
        return Problem.of(RegistryProblem.CONSENT_UNFIT, "reason", reason);
    }
}
