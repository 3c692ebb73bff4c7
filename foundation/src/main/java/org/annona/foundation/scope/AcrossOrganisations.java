package org.annona.foundation.scope;

/**
 * Work that sees the rows of all organisations. It never shows them to a person: what it finds is done, or told, in the scope of
 * the organisation that a row belongs to.
 */
public enum AcrossOrganisations {
    /** Finds due jobs and messages; each is then done in the scope of its organisation. */
    JOBS,
    /** Offers what changed to another block or installation, and stores what was read there. */
    FEEDS,
    /** Recognises a partner by its name, client or agreement, before anything is done for it or asked of it. */
    PARTNERS,
    /** Looks for what is due by the clock. */
    SCHEDULES,
    /** Books the lines of bank accounts that several organisations share. */
    STATEMENTS,
    /** Commands of an operator: verification, backup, restore, the demo. */
    OPERATION
}
