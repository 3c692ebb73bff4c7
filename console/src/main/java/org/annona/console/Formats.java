package org.annona.console;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Currency;
import java.util.Locale;
import java.util.Optional;
import org.annona.foundation.money.Money;
import org.jspecify.annotations.Nullable;

/** How numbers, amounts and times are written on all pages. */
public final class Formats {

    private static final DateTimeFormatter TYPED = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd[[ ]['T']HH:mm[:ss]]", Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private final ConsoleSettings settings;
    private final DateTimeFormatter time;

    public Formats(ConsoleSettings settings) {
        this.settings = settings;
        this.time =
                DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(settings.zone());
    }

    public String number(@Nullable Number value) {
        return value == null ? "" : String.format(Locale.ROOT, "%,d", value.longValue());
    }

    public String money(@Nullable Long minor, String currency) {
        return minor == null ? "" : new Money(minor, Currency.getInstance(currency)).toString();
    }

    /** In the zone of the country. */
    public String time(@Nullable Instant instant) {
        return instant == null ? "" : time.format(instant);
    }

    /** A time as a user types it, {@code 2026-01-31} or {@code 2026-01-31 12:00}, in the zone of the country; else empty. */
    public Optional<Instant> readTime(String text) {
        try {
            TemporalAccessor read = TYPED.parseBest(text.strip(), LocalDateTime::from, LocalDate::from);
            LocalDateTime local = read instanceof LocalDate date ? date.atStartOfDay() : LocalDateTime.from(read);
            return Optional.of(local.atZone(settings.zone()).toInstant());
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    public String date(@Nullable LocalDate date) {
        return date == null ? "" : date.toString();
    }

    public String duration(@Nullable Duration duration) {
        if (duration == null) {
            return "";
        }
        long seconds = duration.toSeconds();
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%d.%d s", seconds, duration.toMillisPart() / 100);
        }
        return seconds < 3600
                ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds / 60 % 60 + " min";
    }

    /** The first characters of a digest, enough to compare two by eye. */
    public String shortDigest(byte @Nullable [] digest) {
        return digest == null ? "" : java.util.HexFormat.of().formatHex(digest, 0, Math.min(8, digest.length));
    }

    public String zoneName() {
        return settings.zone().getId();
    }

    /** Why a payment is not made, in words. */
    public String reason(@Nullable String code) {
        return Reasons.words(code);
    }

    /** {@code programme_manager} as {@code programme manager}. */
    public String words(@Nullable Object code) {
        return code == null ? "" : code.toString().replace('_', ' ').toLowerCase(Locale.ROOT);
    }
}
