package org.annona.server.wiring;

import java.util.List;
import org.annona.programs.AreaDirectory;

/** The registry is in another installation, which does not tell its areas yet. */
public final class UntoldAreas implements AreaDirectory {

    @Override
    public List<Area> areas(int limit) {
        return List.of();
    }

    @Override
    public boolean isUnknown(String code) {
        return false;
    }
}
