package org.annona.programs;

import java.util.List;

/** Port to the areas of the country. Where another installation has them and does not tell them, nothing is said about any code. */
public interface AreaDirectory {

    /** @return the areas in the order of their tree, parents first; at most so many */
    List<Area> areas(int limit);

    /** @return true only where areas are told here and none of them has this code */
    boolean isUnknown(String code);

    /** @param path from the root, such as {@code /N/N01/} */
    record Area(String code, String name, String path) {}
}
