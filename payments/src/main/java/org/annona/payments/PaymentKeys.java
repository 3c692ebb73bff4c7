package org.annona.payments;

import java.util.UUID;
import org.annona.foundation.sealing.BlindIndex;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.Sealer;

/** This block's sealing: one place that knows which value is bound to which column. */
public final class PaymentKeys {

    private static final String ACCOUNT = "payments.disbursement.fa_sealed";
    private static final String MESSAGE = "payments.batch.payload_sealed";
    private static final String STATEMENT = "payments.statement.file_sealed";

    private final Sealer sealer;
    private final BlindIndex index;

    public PaymentKeys(Keyring keyring) {
        this.sealer = keyring.sealer("payments");
        this.index = keyring.blindIndex("payments");
    }

    public byte[] sealAccount(UUID disbursement, String number) {
        return sealer.seal(ACCOUNT, disbursement, number);
    }

    public String openAccount(UUID disbursement, byte[] sealed) {
        return sealer.openText(ACCOUNT, disbursement, sealed);
    }

    public byte[] accountHash(String provider, String number) {
        return index.of("account " + provider, number);
    }

    /** Of one attempt of one payment, always the same; 16 bytes. */
    public byte[] reference(String order, String line, int attempt) {
        return index.of("reference " + attempt + " " + order.length(), order + "|" + line);
    }

    public byte[] sealMessage(UUID batch, byte[] message) {
        return sealer.seal(MESSAGE, batch, message);
    }

    public byte[] openMessage(UUID batch, byte[] sealed) {
        return sealer.open(MESSAGE, batch, sealed);
    }

    public byte[] sealStatement(UUID statement, byte[] file) {
        return sealer.seal(STATEMENT, statement, file);
    }
}
