package org.annona.exchange;

import java.util.List;
import org.annona.interop.query.Query;
import org.annona.interop.search.Page;
import org.annona.interop.search.SearchItem.SortBy;

/**
 * One question that was understood and may be asked.
 *
 * @param recordType one of the registry's
 * @param sort attributes as messages name them, not looked at yet
 */
public record Question(String recordType, Query query, List<SortBy> sort, Page page) {}
