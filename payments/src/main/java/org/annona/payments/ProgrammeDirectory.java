package org.annona.payments;

import java.util.Map;

/** Port: the programmes that funds may be announced for. */
@FunctionalInterface
public interface ProgrammeDirectory {

    /** @return code to name, in the order of the codes; programmes that are over are left out */
    Map<String, String> programmes();
}
