package org.annona.payments;

import java.util.List;
import java.util.UUID;
import org.annona.foundation.sealing.Sensitive;

/** Port to whoever knows the accounts of beneficiaries. A book that does not answer throws; that is never "no account". */
public interface AddressBook {

    /** @return one answer per beneficiary, in the same order, duplicates included */
    List<Answer> resolve(List<UUID> beneficiaries);

    sealed interface Answer {

        /**
         * @param scheme {@code account} for a bank account, {@code mobile} for a wallet
         * @param provider code of the bank or operator
         * @param version rises with every change of the account
         */
        record Found(String scheme, String provider, Sensitive<String> number, int version) implements Answer {}

        /** The book answers that there is none. */
        record NoAccount() implements Answer {}
    }
}
