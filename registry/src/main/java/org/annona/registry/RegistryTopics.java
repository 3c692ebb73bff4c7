package org.annona.registry;

/** Topics of the messages of this block. */
public final class RegistryTopics {

    /** Something changed. The message says no more; the feed tells what. */
    public static final String CHANGED = "registry.changed";

    private RegistryTopics() {}
}
