package org.annona.access;

import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.annona.foundation.problem.Problem;
import org.springframework.security.crypto.password.PasswordEncoder;

/** Checks a name and a password. */
public final class Login {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final Users users;
    private final PasswordEncoder encoder;
    private final LoginThrottle throttle;
    private final Clock clock;
    private final String hashOfNobody;

    Login(Users users, PasswordEncoder encoder, LoginThrottle throttle, Clock clock) {
        this.users = users;
        this.encoder = encoder;
        this.throttle = throttle;
        this.clock = clock;
        this.hashOfNobody = encoder.encode("no password has this hash");
    }

    /** The user, or a refusal that does not tell whether the name exists. */
    public UserAccount check(String name, String password, SignInPlace place) {
        LoginThrottle.Attempt attempt = throttle.attempt(name, place);
        Optional<Instant> blocked = throttle.blockedUntil(attempt);
        if (blocked.isPresent()) {
            throw Problem.of(
                    AccessProblem.LOGIN_THROTTLED,
                    "until",
                    TIME.withZone(clock.getZone()).format(blocked.get()),
                    "zone",
                    clock.getZone());
        }
        Optional<String> hash = users.passwordHash(name);
        // An unknown name costs as much time as a known one.
        boolean right = encoder.matches(password, hash.orElse(hashOfNobody)) && hash.isPresent();
        if (!right) {
            users.scopeOf(name).run(() -> throttle.noteFailure(attempt));
            throw Problem.of(AccessProblem.LOGIN_REFUSED);
        }
        users.noteLogin(attempt.name(), place.address(), tx -> throttle.noteSuccess(tx, attempt));
        return users.find(name).orElseThrow();
    }
}
