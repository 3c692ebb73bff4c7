package org.annona.exchange;

import java.util.Locale;
import org.annona.foundation.problem.ProblemCode;

/** Refusals of this block towards the people who run it. What partners hear are the codes of the standard. */
public enum ExchangeProblem implements ProblemCode {
    PARTNER_UNKNOWN(404, "There is no such partner.", "Go back to the list and open it from there."),
    SENDER_ID_TAKEN(
            409,
            "Another partner has the sender id {sender} already.",
            "Open that partner, or ask the new one for its own sender id."),
    PARTNER_UNFIT(400, "{field}: {reason}.", "Correct the field and send again."),
    KEY_UNFIT(400, "The key cannot be used: {reason}.", "Ask the partner for a public key of the kind that is named."),
    KEYS_UNREACHABLE(
            502,
            "The partner's keys could not be read from {address}: {reason}.",
            "Check the address in a browser, and whether its host is among the partner's hosts."),
    PARTNER_HAS_NO_KEY(
            409,
            "The partner has no key, yet its messages have to be signed.",
            "Enter the address of its keys, or a key in PEM; or make signatures optional, knowingly."),
    REGISTRY_NOT_AGREED(
            409,
            "It is not agreed how the registry of {partner} is asked.",
            "Open the partner's page and enter address and client."),
    REGISTRY_UNKNOWN(
            503,
            "The registry of {partner} did not answer as it should: {reason}.",
            "Test the connection on the partner's page; what waits is tried again by itself."),
    CALLBACK_UNKNOWN(404, "There is no such message.", "Go back to the list and open it from there."),
    CALLBACK_NOT_DEAD(409, "This message is not one that was given up.", "Reload the page."),
    NO_TROUBLE(404, "There is no trouble with the address {address} any more.", "Go back to the list."),
    REASON_NEEDED(400, "A reason of at most {most} characters is needed.", "Write why, and send again.");

    private final int status;
    private final String sentence;
    private final String remedy;

    ExchangeProblem(int status, String sentence, String remedy) {
        this.status = status;
        this.sentence = sentence;
        this.remedy = remedy;
    }

    @Override
    public String code() {
        return "exchange." + name().toLowerCase(Locale.ROOT);
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public boolean retryable() {
        return this == KEYS_UNREACHABLE || this == REGISTRY_UNKNOWN;
    }

    @Override
    public String sentence() {
        return sentence;
    }

    @Override
    public String remedy() {
        return remedy;
    }
}
