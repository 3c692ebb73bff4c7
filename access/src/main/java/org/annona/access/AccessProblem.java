package org.annona.access;

import java.util.Locale;
import org.annona.foundation.problem.ProblemCode;

/** Refusals of this block. */
public enum AccessProblem implements ProblemCode {
    NOT_PERMITTED(
            403, "You may not {words}.", "This needs the role {roles}; ask an administrator if you should have it."),
    LOGIN_REFUSED(401, "Name or password is wrong.", "Check both and try again."),
    LOGIN_THROTTLED(
            429,
            "There were too many failed attempts.",
            "Wait until {until} ({zone}), or ask an administrator to lift it."),
    HOST_UNKNOWN(
            421,
            "This server is not reached under that name.",
            "Use {address}; an administrator sets this address with ANNONA_PUBLIC_URL."),
    USER_EXISTS(409, "There is already a user called {name}.", "Choose another name."),
    USER_UNKNOWN(404, "There is no user called {name}.", "Choose one from the list."),
    NAME_UNFIT(
            400,
            "The name {name} cannot be used.",
            "Use 2 to 40 lower-case letters, digits, points, hyphens or underscores, beginning with a letter."),
    PASSWORD_WEAK(400, "The password is too weak: {reason}.", "Use 12 characters or more that are hard to guess."),
    LAST_ADMINISTRATOR(
            409,
            "{name} is the last administrator.",
            "Give another user the role of administrator first, so that nobody is locked out."),
    NO_ADMINISTRATOR(
            409,
            "{name} is no administrator who may log in.",
            "Let an administrator accept a reset on the page of the user."),
    RESET_CODE_UNFIT(
            400, "This is no code of a reset for {name}.", "Let the user read it out again; every letter counts."),
    RESET_OWN(409, "You may not accept your own reset.", "Ask another administrator."),
    RESET_OVER(409, "This reset is over, or nobody has accepted it.", "Begin again at the login page."),
    OWN_ROLES(409, "You may not change your own roles.", "Ask another administrator.");

    private final int status;
    private final String sentence;
    private final String remedy;

    AccessProblem(int status, String sentence, String remedy) {
        this.status = status;
        this.sentence = sentence;
        this.remedy = remedy;
    }

    @Override
    public String code() {
        return "access." + name().toLowerCase(Locale.ROOT);
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public boolean retryable() {
        return this == LOGIN_THROTTLED;
    }

    @Override
    public String sentence() {
        return sentence;
    }

    @Override
    public String remedy() {
        return remedy;
    }
}
