package org.annona.access;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.annona.foundation.sealing.BlindIndex;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.WebUtils;

/**
 * Browsers in which users signed in before. A cookie holds a random number, and for each of the users who share the browser the time
 * and a keyed hash of number, time and user; it names nobody, and nothing of it is stored here. It lets nobody in: it only
 * keeps apart what its owner and what strangers try.
 */
public final class Devices {

    static final Duration LIFE = Duration.ofDays(400);
    private static final int MOST_USERS = 8;
    private static final int ID_BYTES = 16;
    private static final int LONGEST = 500;
    private static final Pattern ENTRY = Pattern.compile("[0-9a-z]{6,9}-[A-Za-z0-9_-]{22}");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{22}");
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final BlindIndex index;
    private final Clock clock;
    private final boolean secure;
    private final SecureRandom random = new SecureRandom();

    Devices(BlindIndex index, Clock clock, boolean secure) {
        this.index = index;
        this.clock = clock;
        this.secure = secure;
    }

    private String cookieName() {
        return secure ? "__Host-annona-device" : "annona-device";
    }

    /** From where a request comes. */
    public SignInPlace placeOf(HttpServletRequest request) {
        Cookie cookie = WebUtils.getCookie(request, cookieName());
        return new SignInPlace(request.getRemoteAddr(), cookie == null ? null : cookie.getValue());
    }

    /** After the user has signed in there. */
    void remember(HttpServletRequest request, HttpServletResponse response, String user) {
        Cookie cookie = new Cookie(cookieName(), with(placeOf(request).device(), user));
        cookie.setPath("/");
        cookie.setHttpOnly(true);
        cookie.setSecure(secure);
        cookie.setMaxAge((int) LIFE.toSeconds());
        cookie.setAttribute("SameSite", "Lax");
        response.addCookie(cookie);
    }

    /** The number of the device, where the user signed in there. @param since before this no longer counts */
    Optional<String> idFor(@Nullable String value, String user, Instant since) {
        if (value == null || value.length() > LONGEST) {
            return Optional.empty();
        }
        String id = idOf(value);
        Instant oldest = clock.instant().minus(LIFE);
        return entries(value)
                        .filter(entry -> isOf(id, entry, user))
                        .map(Devices::madeAt)
                        .anyMatch(made -> !made.isBefore(since.truncatedTo(ChronoUnit.SECONDS)) && made.isAfter(oldest))
                ? Optional.of(id)
                : Optional.empty();
    }

    String with(@Nullable String value, String user) {
        boolean readable = value != null
                && value.length() <= LONGEST
                && ID.matcher(idOf(value)).matches();
        String id = value != null && readable ? idOf(value) : newId();
        List<String> others = value != null && readable
                ? entries(value).filter(entry -> !isOf(id, entry, user)).toList()
                : List.of();
        String made = Long.toString(clock.instant().getEpochSecond(), 36);
        Stream<String> kept = others.stream().skip(Math.max(0, others.size() - MOST_USERS + 1));
        return Stream.concat(Stream.concat(Stream.of(id), kept), Stream.of(made + "-" + hash(id, made, user)))
                .collect(Collectors.joining("."));
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return BASE64.encodeToString(bytes);
    }

    private static String idOf(String value) {
        return value.split("\\.", 2)[0];
    }

    private static Stream<String> entries(String value) {
        return Arrays.stream(value.split("\\."))
                .skip(1)
                .filter(entry -> ENTRY.matcher(entry).matches());
    }

    private boolean isOf(String id, String entry, String user) {
        int dash = entry.indexOf('-');
        return MessageDigest.isEqual(bytes(entry.substring(dash + 1)), bytes(hash(id, entry.substring(0, dash), user)));
    }

    private static Instant madeAt(String entry) {
        return Instant.ofEpochSecond(Long.parseLong(entry.substring(0, entry.indexOf('-')), 36));
    }

    private String hash(String id, String made, String user) {
        return BASE64.encodeToString(index.of("device", id + "|" + made + "|" + user));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
