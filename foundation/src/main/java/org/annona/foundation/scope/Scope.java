package org.annona.foundation.scope;

import java.util.Collection;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The organisations whose rows the current work sees, and the one for which it acts. It is bound at the edges (a request, a job, a
 * message, a schedule), and each connection that a {@code Database} gives carries it to the row level security of the database.
 * Work without a scope sees no row of an organisation.
 *
 * @param visible as the database reads it: an array of ids, or {@code *} for all
 * @param acting to which new rows belong; null where none can be made
 */
public record Scope(String visible, @Nullable Short acting) {

    /** Sees nothing that belongs to an organisation. */
    public static final Scope NOTHING = new Scope("{}", null);

    private static final ScopedValue<Scope> CURRENT = ScopedValue.newInstance();

    /** Sees and acts for one organisation. */
    public static Scope of(short organisation) {
        return new Scope("{" + organisation + "}", organisation);
    }

    /** Sees several organisations, and acts for one of them or for none. */
    public static Scope seeing(Collection<Short> organisations, @Nullable Short acting) {
        return new Scope(
                new TreeSet<>(organisations).stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}")),
                acting);
    }

    /** @param work why all organisations have to be seen */
    public static Scope across(AcrossOrganisations work) {
        Objects.requireNonNull(work);
        return new Scope("*", null);
    }

    /** Null where none is bound: then the database decides, and it shows nothing. */
    public static @Nullable Scope current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }

    /** The work on another thread, in the scope of this one. */
    public static Runnable carried(Runnable work) {
        Scope scope = current();
        return scope == null ? work : () -> scope.run(work);
    }

    public static <T> Callable<T> carried(Callable<T> work) {
        Scope scope = current();
        return scope == null ? work : () -> scope.call(work::call);
    }

    public void run(Runnable work) {
        ScopedValue.where(CURRENT, this).run(work);
    }

    public <T, X extends Throwable> T call(ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(CURRENT, this).call(work);
    }
}
