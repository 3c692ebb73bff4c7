package org.annona.access;

import java.time.Instant;
import java.util.Optional;
import org.annona.foundation.problem.Problem;
import org.springframework.security.crypto.password.PasswordEncoder;

/** Checks a name and a password. */
public final class Login {

    private final Users users;
    private final PasswordEncoder encoder;
    private final LoginThrottle throttle;
    private final String hashOfNobody;

    Login(Users users, PasswordEncoder encoder, LoginThrottle throttle) {
        this.users = users;
        this.encoder = encoder;
        this.throttle = throttle;
        this.hashOfNobody = encoder.encode("no password has this hash");
    }

    /**
     * The user, or a refusal that does not tell whether the name exists.
     *
     * @param address from where the login comes, for the throttle and the audit trail
     */
    public UserAccount check(String name, String password, String address) {
        Optional<Instant> blocked = throttle.blockedUntil(name, address);
        if (blocked.isPresent()) {
            throw Problem.of(
                    AccessProblem.LOGIN_THROTTLED,
                    "until",
                    blocked.get().toString().substring(11, 19));
        }
        Optional<String> hash = users.passwordHash(name);
        // An unknown name costs as much time as a known one.
        boolean right = encoder.matches(password, hash.orElse(hashOfNobody)) && hash.isPresent();
        if (!right) {
            throttle.noteFailure(name, address);
            throw Problem.of(AccessProblem.LOGIN_REFUSED);
        }
        throttle.noteSuccess(name);
        UserAccount user = users.find(name).orElseThrow();
        users.noteLogin(user.name(), address);
        return user;
    }
}
