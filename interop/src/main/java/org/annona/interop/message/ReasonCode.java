package org.annona.interop.message;

/** Why a message or one of its items was rejected after it had been understood (DCI reference, section 4). */
public enum ReasonCode {
    VERSION_INVALID("rjct.version.invalid", Of.HEADER),
    MESSAGE_ID_DUPLICATE("rjct.message_id.duplicate", Of.HEADER),
    MESSAGE_TS_INVALID("rjct.message_ts.invalid", Of.HEADER),
    ACTION_INVALID("rjct.action.invalid", Of.HEADER),
    ACTION_NOT_SUPPORTED("rjct.action.not_supported", Of.HEADER),
    TOTAL_COUNT_INVALID("rjct.total_count.invalid", Of.HEADER),
    TOTAL_COUNT_LIMIT_EXCEEDED("rjct.total_count.limit_exceeded", Of.HEADER),
    ERRORS_TOO_MANY("rjct.errors.too_many", Of.HEADER),
    REFERENCE_ID_INVALID("rjct.reference_id.invalid", Of.ITEM),
    REFERENCE_ID_DUPLICATE("rjct.reference_id.duplicate", Of.ITEM),
    TIMESTAMP_INVALID("rjct.timestamp.invalid", Of.ITEM),
    SEARCH_CRITERIA_INVALID("rjct.search_criteria.invalid", Of.SEARCH),
    FILTER_INVALID("rjct.filter.invalid", Of.SEARCH),
    SORT_INVALID("rjct.sort.invalid", Of.SEARCH),
    PAGINATION_INVALID("rjct.pagination.invalid", Of.SEARCH),
    TOO_MANY_RECORDS_FOUND("rjct.search.too_many_records_found", Of.SEARCH),
    NOTIFY_TYPES_INVALID("rjct.notify_types.invalid", Of.SUBSCRIBE),
    NOTIFY_DETAILS_INVALID("rjct.notify_details.invalid", Of.SUBSCRIBE),
    PERSON_ID_INVALID("rjct.person_id.invalid", Of.SUBSCRIBE),
    ALREADY_SUBSCRIBED("rjct.event.already_subscribed", Of.SUBSCRIBE),
    SUBSCRIPTION_CODE_INVALID("rjct.subscription_code.invalid", Of.UNSUBSCRIBE),
    REQUESTER_INVALID("rjct.requester.invalid", Of.UNSUBSCRIBE),
    ALREADY_UNSUBSCRIBED("rjct.event.already_unsubscribed", Of.UNSUBSCRIBE);

    /** Where the specification lists the code. Those of an item may stand in an item of every kind. */
    public enum Of {
        HEADER,
        ITEM,
        SEARCH,
        SUBSCRIBE,
        UNSUBSCRIBE
    }

    private final String code;
    private final Of of;

    ReasonCode(String code, Of of) {
        this.code = code;
        this.of = of;
    }

    public String code() {
        return code;
    }

    public Of of() {
        return of;
    }
}
