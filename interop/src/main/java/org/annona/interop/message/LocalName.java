package org.annona.interop.message;

/** Names and codes as they are meant: without the prefix that some partners write and others do not. */
public final class LocalName {

    private LocalName() {}

    /** {@code ns:org:RegistryType:Social} is {@code Social} (DCI reference, section 15). */
    public static String of(String name) {
        return name.substring(name.lastIndexOf(':') + 1).strip();
    }
}
