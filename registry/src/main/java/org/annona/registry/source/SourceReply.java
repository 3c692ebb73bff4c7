package org.annona.registry.source;

import java.util.List;

/** What came of a message with several questions. */
public sealed interface SourceReply {

    /** @param answers one for each question, in their order */
    record Each(List<SourceAnswer> answers) implements SourceReply {}

    /** No question was answered, for this reason; never {@link SourceAnswer.Data}. */
    record None(SourceAnswer why) implements SourceReply {}
}
