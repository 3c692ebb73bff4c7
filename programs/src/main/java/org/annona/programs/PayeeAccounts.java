package org.annona.programs;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Port to the accounts of payees. No number of an account passes it. A book of accounts that does not answer throws; that is never
 * "no account".
 */
public interface PayeeAccounts {

    /** @return one answer per payee, in the same order; empty where no account is known */
    List<Optional<Account>> of(List<UUID> payees);

    /**
     * @param version rises with every change of the account of this payee; above 0
     * @param mark equal for equal accounts, also of different payees; a keyed hash, from which no number follows
     */
    record Account(int version, byte[] mark) {}
}
