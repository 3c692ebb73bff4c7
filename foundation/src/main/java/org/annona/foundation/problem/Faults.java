package org.annona.foundation.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads a form to its end, so that a person is told at once of all that is wrong with it. */
public final class Faults {

    private final List<Problem> found = new ArrayList<>();

    /** @param otherwise in place of a part that is refused; nothing is made of it, because {@link #refuse()} follows */
    public <T> T read(Supplier<? extends T> part, T otherwise) {
        try {
            return part.get();
        } catch (Problem refusal) {
            found.add(refusal);
            return otherwise;
        }
    }

    public void add(Problem problem) {
        found.add(problem);
    }

    /** @return null where the part is refused, or gives nothing */
    public <T> @Nullable T readOrNull(Supplier<? extends @Nullable T> part) {
        try {
            return part.get();
        } catch (Problem refusal) {
            found.add(refusal);
            return null;
        }
    }

    public void check(Runnable part) {
        try {
            part.run();
        } catch (Problem refusal) {
            found.add(refusal);
        }
    }

    /** Refuses where something was found. */
    public void refuse() {
        if (!found.isEmpty()) {
            throw Problem.of(found);
        }
    }
}
