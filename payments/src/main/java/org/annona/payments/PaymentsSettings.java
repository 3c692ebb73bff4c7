package org.annona.payments;

import java.net.URI;
import java.time.Duration;
import java.util.Currency;

/**
 * @param bankUrl where the bank listens
 * @param bankToken proves to the bank who we are
 * @param bankAccount our account, as the bank calls it
 * @param currency that is proposed where people announce funds
 * @param bankTimeout how long an answer of the bank is waited for
 * @param itemsPerMessage payments in one message to the bank
 * @param settlingTime after how long the bank's "never heard of it" may be believed
 * @param statementsEvery how often the bank is asked for new statements
 * @param statementsByHand whether people may take statements in as files; where the bank gives them, nobody may
 * @param returnWindowDays for how many days of statements money may come back before an envelope is closed
 * @param bookingDays days after sending until whose end the bank has booked a payment that it has made
 * @param decisionLife after how long a request that no second person decides expires
 * @param checkLasts after how long accounts and standing of payments are asked for again before they are sent
 * @param pauses of work that has to wait
 */
public record PaymentsSettings(
        URI bankUrl,
        String bankToken,
        String bankAccount,
        Currency currency,
        Duration bankTimeout,
        int itemsPerMessage,
        Duration settlingTime,
        Duration statementsEvery,
        boolean statementsByHand,
        int returnWindowDays,
        int bookingDays,
        Duration decisionLife,
        Duration checkLasts,
        Pauses pauses) {

    /**
     * @param funds after which an envelope that waits for funds is looked at again
     * @param bankAway after the first message that did not leave; it doubles each time
     */
    public record Pauses(Duration funds, Duration bankAway) {

        public static final Pauses USUAL = new Pauses(Duration.ofSeconds(10), Duration.ofSeconds(3));
    }
}
