package org.annona.payments.statement;

import static org.annona.payments.statement.BankText.unreadable;

import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLStreamException;
import org.annona.payments.statement.BankText.Amount;
import org.annona.payments.statement.EntryDraft.Details;
import org.annona.payments.statement.EntryDraft.Kind;
import org.annona.payments.statement.EntryDraft.Part;
import org.annona.payments.statement.StatementDraft.Balance;
import org.annona.payments.xml.XmlPaths;

/**
 * Reads camt.053 (ISO 20022, versions .02 to .13) as banks write it: several statements in a file, of several accounts too.
 * Entries that are not booked are kept apart, as the standard says that they may still change. What cannot be told apart is
 * not guessed: a refusal names what is missing, and where.
 */
final class Camt053 {

    private static final int MOST_ENTRIES = 400_000;

    private static final XmlPaths<Reading> PATHS = new XmlPaths<Reading>("BkToCstmrStmt")
            .text("GrpHdr/MsgId", (file, text) -> file.messageId = text)
            .text("GrpHdr/MsgPgntn/PgNb", (file, text) -> file.messagePage = text)
            .text("GrpHdr/MsgPgntn/LastPgInd", (file, text) -> file.lastMessagePage = isTrue(text))
            .begin("Stmt", Reading::beginStatement)
            .text("Stmt/Id", (file, text) -> file.statement.id = text)
            .text("Stmt/ElctrncSeqNb", (file, text) -> file.statement.sequence = text)
            .text("Stmt/LglSeqNb", (file, text) -> file.statement.legalSequence = text)
            .text("Stmt/StmtPgntn/PgNb", (file, text) -> file.statement.page = text)
            .text("Stmt/StmtPgntn/LastPgInd", (file, text) -> file.statement.lastPage = isTrue(text))
            .text("Stmt/Acct/Id/IBAN", (file, text) -> file.statement.iban = text)
            .text("Stmt/Acct/Id/Othr/Id", (file, text) -> file.statement.otherAccount = text)
            .text("Stmt/Acct/Ccy", (file, text) -> file.statement.currency = text)
            .begin("Stmt/Bal", Reading::beginBalance)
            .text("Stmt/Bal/Tp/CdOrPrtry/Cd", (file, text) -> file.balance.code = text)
            .text("Stmt/Bal/Tp/CdOrPrtry/Prtry", (file, text) -> file.balance.code = text)
            .leaf("Stmt/Bal/Amt", (file, leaf) -> file.balance.amount = amount(leaf))
            .text("Stmt/Bal/CdtDbtInd", (file, text) -> file.balance.direction = text)
            .text("Stmt/Bal/Dt/Dt", (file, text) -> file.balance.day = text)
            .text("Stmt/Bal/Dt/DtTm", (file, text) -> file.balance.day = text)
            .begin("Stmt/Ntry", Reading::beginEntry)
            .leaf("Stmt/Ntry/Amt", (file, leaf) -> file.entry.amount = amount(leaf))
            .text("Stmt/Ntry/CdtDbtInd", (file, text) -> file.entry.direction = text)
            .text("Stmt/Ntry/RvslInd", (file, text) -> file.entry.reversal = isTrue(text))
            // A code by itself in older versions, a choice of elements in newer ones.
            .text("Stmt/Ntry/Sts", (file, text) -> file.entry.status = text)
            .text("Stmt/Ntry/Sts/Cd", (file, text) -> file.entry.status = text)
            .text("Stmt/Ntry/Sts/Prtry", (file, text) -> file.entry.status = text)
            .text("Stmt/Ntry/BookgDt/Dt", (file, text) -> file.entry.bookedOn = text)
            .text("Stmt/Ntry/BookgDt/DtTm", (file, text) -> file.entry.bookedOn = text)
            .text("Stmt/Ntry/AcctSvcrRef", (file, text) -> file.entry.bankReference = text)
            .begin("Stmt/Ntry/BkTxCd", file -> file.kind = file.entry.kind)
            .begin("Stmt/Ntry/NtryDtls", Reading::beginDetails)
            .begin("Stmt/Ntry/NtryDtls/Btch", Reading::beginBatch)
            .text("Stmt/Ntry/NtryDtls/Btch/NbOfTxs", (file, text) -> file.part.payments = count(text))
            .leaf("Stmt/Ntry/NtryDtls/Btch/TtlAmt", (file, leaf) -> file.part.amount = amount(leaf))
            .begin("Stmt/Ntry/NtryDtls/TxDtls", Reading::beginTransaction)
            .leaf("Stmt/Ntry/NtryDtls/TxDtls/Amt", (file, leaf) -> file.part.amount = amount(leaf))
            .leaf(
                    "Stmt/Ntry/NtryDtls/TxDtls/AmtDtls/TxAmt/Amt",
                    (file, leaf) -> file.part.transactionAmount = amount(leaf))
            .begin("Stmt/Ntry/NtryDtls/TxDtls/BkTxCd", file -> file.kind = file.part.kind)
            .text("Stmt/Ntry/NtryDtls/TxDtls/Refs/EndToEndId", (file, text) -> file.part.reference = text)
            .text("Stmt/Ntry/NtryDtls/TxDtls/Refs/AcctSvcrRef", (file, text) -> file.part.bankReference = text)
            .begin("Stmt/Ntry/NtryDtls/TxDtls/RtrInf", file -> file.part.returned = true)
            .text("Stmt/Ntry/NtryDtls/TxDtls/RtrInf/Rsn/Cd", (file, text) -> file.part.returnReason = text)
            .text("Stmt/Ntry/NtryDtls/TxDtls/RtrInf/Rsn/Prtry", (file, text) -> file.part.returnReason = text);

    static {
        for (String of : List.of("Stmt/Ntry/NtryDtls/Btch", "Stmt/Ntry/NtryDtls/TxDtls")) {
            PATHS.text(of + "/CdtDbtInd", (file, text) -> file.part.direction = text);
        }
        for (String of : List.of("Stmt/Ntry/NtryDtls/Btch", "Stmt/Ntry/NtryDtls/TxDtls/Refs")) {
            // The id of our order, and that of our file where the bank names no other.
            PATHS.text(of + "/PmtInfId", (file, text) -> file.part.messageId = text)
                    .text(of + "/MsgId", (file, text) -> file.part.ofFile(text));
        }
        for (String of : List.of("Stmt/Ntry/BkTxCd", "Stmt/Ntry/NtryDtls/TxDtls/BkTxCd")) {
            PATHS.text(of + "/Domn/Fmly/SubFmlyCd", (file, text) -> file.kind.subFamily = text)
                    .text(of + "/Prtry/Cd", (file, text) -> file.kind.proprietary = text);
        }
    }

    private Camt053() {}

    /** @return one for each statement, in the order of the file */
    static List<StatementFile> read(byte[] file) {
        Reading reading = new Reading();
        try {
            PATHS.read(file, reading);
        } catch (XMLStreamException broken) {
            throw unreadable("it is not well-formed XML, or it declares a document type (line "
                            + broken.getLocation().getLineNumber() + ")")
                    .causedBy(broken);
        }
        if (reading.statements.isEmpty()) {
            throw unreadable("it holds no statement (BkToCstmrStmt/Stmt)");
        }
        return StatementDraft.join(reading.statements);
    }

    private static Amount amount(XmlPaths.Leaf leaf) {
        return new Amount(leaf.text(), leaf.attribute("Ccy"));
    }

    private static boolean isTrue(String text) {
        return text.equals("true") || text.equals("1");
    }

    /** @return 0 where it cannot be known */
    private static int count(String text) {
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }

    /** Where the reader stands in the file. */
    private static final class Reading {

        private final List<StatementDraft> statements = new ArrayList<>();
        private String messageId = "";
        private String messagePage = "";
        private boolean lastMessagePage = true;
        private int count;
        // Of the elements around the current one. The paths see to it that the outer ones stand there.
        private StatementDraft statement = new StatementDraft("", "");
        private Balance balance = new Balance();
        private EntryDraft entry = new EntryDraft();
        private Details details = new Details();
        private Part part = new Part();
        private Kind kind = new Kind();

        private void beginStatement() {
            boolean isPart = !lastMessagePage || !messagePage.isEmpty() && !messagePage.equals("1");
            statement = new StatementDraft(
                    messageId,
                    isPart ? "; the file is page " + messagePage + " of several of the message " + messageId : "");
            statements.add(statement);
        }

        private void beginBalance() {
            balance = new Balance();
            statement.balances.add(balance);
        }

        private void beginEntry() {
            count();
            entry = new EntryDraft();
            statement.entries.add(entry);
        }

        private void beginDetails() {
            details = new Details();
            entry.details.add(details);
        }

        private void beginBatch() {
            part = new Part();
            part.isBatch = true;
            details.batch = part;
        }

        private void beginTransaction() {
            count();
            part = new Part();
            details.transactions.add(part);
        }

        private void count() {
            if (++count > MOST_ENTRIES) {
                throw unreadable("it has more than " + MOST_ENTRIES + " entries and payments in them");
            }
        }
    }
}
