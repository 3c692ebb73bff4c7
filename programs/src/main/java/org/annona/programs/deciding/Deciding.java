package org.annona.programs.deciding;

import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.database.Database;
import org.annona.programs.approval.ApprovalRequest;
import org.annona.programs.approval.ApprovalRequest.Kind;
import org.annona.programs.approval.Approvals;
import org.annona.programs.cycle.Cycles;
import org.annona.programs.programme.Programmes;
import org.jooq.DSLContext;

/** Carries out decisions: a vote and its effect are one transaction, so there is never one without the other. */
public final class Deciding {

    private static final int RELEASE = 2;

    private final Database database;
    private final Approvals approvals;
    private final Programmes programmes;
    private final Cycles cycles;

    public Deciding(Database database, Approvals approvals, Programmes programmes, Cycles cycles) {
        this.database = database;
        this.approvals = approvals;
        this.programmes = programmes;
        this.cycles = cycles;
    }

    /**
     * @param seen the digest of what the voter looked at, in hexadecimal
     * @return the request with the vote
     */
    public ApprovalRequest approve(Actor actor, UUID requestId, String seen, String reason) {
        ApprovalRequest request = approvals.show(actor, requestId);
        Approvals.requireOpenStage(actor, request);
        if (request.kind() == Kind.CYCLE && request.openStage() == RELEASE) {
            cycles.refuseShortFunds(cycles.find(request.subjectId()));
        }
        return database.inTransaction(tx -> {
            ApprovalRequest voted = approvals.vote(tx, actor, requestId, true, seen, reason);
            carryOut(tx, actor, voted);
            return voted;
        });
    }

    private void carryOut(DSLContext tx, Actor actor, ApprovalRequest voted) {
        switch (voted.kind()) {
            case PROGRAMME_VERSION ->
                programmes.putIntoForce(tx, voted.subjectId(), voted.version(), voted.digest(), actor);
            case CYCLE -> {
                if (voted.votes().size() == RELEASE) {
                    cycles.release(tx, actor, voted.subjectId(), voted.digest());
                } else {
                    cycles.approveList(tx, voted.subjectId(), voted.digest());
                }
            }
        }
    }

    /** @param reason for those who prepared it; never empty */
    public ApprovalRequest reject(Actor actor, UUID requestId, String seen, String reason) {
        return database.inTransaction(tx -> {
            ApprovalRequest voted = approvals.vote(tx, actor, requestId, false, seen, reason);
            switch (voted.kind()) {
                case PROGRAMME_VERSION -> programmes.sendBack(tx, voted.subjectId());
                case CYCLE -> cycles.rejectList(tx, actor, voted.subjectId(), reason);
            }
            return voted;
        });
    }
}
