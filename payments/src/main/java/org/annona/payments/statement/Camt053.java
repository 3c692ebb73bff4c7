package org.annona.payments.statement;

import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Currency;
import java.util.Deque;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.annona.foundation.problem.Problem;
import org.annona.payments.PaymentsProblem;
import org.jspecify.annotations.Nullable;

/**
 * Reads camt.053 (ISO 20022, versions .02 to .08): one statement of one account with entries of one transaction each.
 * Entries that are not booked are left out, as the standard says that they may still change. Entries that bundle several
 * transactions are refused: what cannot be told apart is not booked.
 */
final class Camt053 {

    private static final int MOST_LINES = 200_000;

    private Camt053() {}

    static StatementFile read(byte[] xml) {
        try {
            XMLInputFactory factory = XMLInputFactory.newFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
            return new Reading(reader).statement();
        } catch (XMLStreamException broken) {
            throw unreadable("it is not well-formed XML").causedBy(broken);
        } catch (ArithmeticException | IllegalArgumentException | DateTimeParseException odd) {
            throw unreadable("an amount, a currency or a date cannot be read").causedBy(odd);
        }
    }

    private static Problem unreadable(String reason) {
        return Problem.of(PaymentsProblem.STATEMENT_UNREADABLE, "reason", reason);
    }

    private static final class Entry {
        private @Nullable Long amount;
        private @Nullable Boolean credit;
        private boolean reversal;
        private String status = "BOOK";
        private @Nullable LocalDate bookedOn;
        private String bankReference = "";
        private String reference = "";
        private String returnReason = "";
        private String subFamily = "";
        private int transactions;
    }

    private static final class Reading {

        private final XMLStreamReader reader;
        private final Deque<String> path = new ArrayDeque<>();
        private final List<StatementFile.Line> lines = new ArrayList<>();
        private @Nullable Entry entry;
        private int statements;
        private String id = "";
        private String account = "";
        private @Nullable Long sequence;
        private @Nullable LocalDate day;
        private @Nullable String currency;
        private @Nullable Long opening;
        private @Nullable Long closing;
        private String balanceCode = "";
        private long balance;
        private boolean balanceIsDebit;
        private @Nullable LocalDate balanceDay;

        Reading(XMLStreamReader reader) {
            this.reader = reader;
        }

        StatementFile statement() throws XMLStreamException {
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> start();
                    case XMLStreamConstants.END_ELEMENT -> end();
                    default -> {}
                }
            }
            if (statements != 1) {
                throw unreadable(statements == 0 ? "it holds no statement" : "it holds more than one statement");
            }
            if (id.isEmpty() || account.isEmpty() || sequence == null || opening == null || closing == null) {
                throw unreadable("its number, account, sequence or one of its balances is missing");
            }
            if (day == null || currency == null) {
                throw unreadable("its day or currency is missing");
            }
            LocalDate statementDay = day;
            List<StatementFile.Line> dated = lines.stream()
                    .map(line -> line.bookedOn().equals(LocalDate.EPOCH) ? line.bookedOn(statementDay) : line)
                    .toList();
            return new StatementFile(account, id, sequence, day, currency, opening, closing, dated);
        }

        private void start() throws XMLStreamException {
            String name = reader.getLocalName();
            path.push(name);
            switch (name) {
                case "Stmt" -> statements++;
                case "Ntry" -> entry = new Entry();
                case "TxDtls" -> requireEntry().transactions++;
                case "Amt" -> amount();
                default -> {
                    if (isText(name)) {
                        text(name, parent());
                    }
                }
            }
        }

        /** Elements whose text is of interest, wherever they stand. */
        private static boolean isText(String name) {
            return switch (name) {
                case "Id",
                        "IBAN",
                        "ElctrncSeqNb",
                        "Cd",
                        "CdtDbtInd",
                        "RvslInd",
                        "Dt",
                        "DtTm",
                        "AcctSvcrRef",
                        "EndToEndId",
                        "SubFmlyCd",
                        "Sts" -> true;
                default -> false;
            };
        }

        private String parent() {
            return path.stream().skip(1).findFirst().orElse("");
        }

        private boolean within(String element) {
            return path.contains(element);
        }

        private Entry requireEntry() {
            if (entry == null) {
                throw unreadable("details stand outside of an entry");
            }
            return entry;
        }

        private void amount() throws XMLStreamException {
            String code = reader.getAttributeValue(null, "Ccy");
            boolean ofBalance = parent().equals("Bal");
            boolean ofEntry = parent().equals("Ntry");
            String text = reader.getElementText();
            path.pop();
            if (!ofBalance && !ofEntry) {
                return;
            }
            if (code == null || (currency != null && !currency.equals(code))) {
                throw unreadable("its currency is missing or changes");
            }
            currency = code;
            long minor = minor(text, code);
            if (ofBalance) {
                balance = minor;
            } else {
                requireEntry().amount = minor;
            }
        }

        private static long minor(String text, String code) {
            int digits = Currency.getInstance(code).getDefaultFractionDigits();
            BigDecimal value = new BigDecimal(text.strip());
            if (value.signum() < 0) {
                throw unreadable("an amount is negative");
            }
            return value.movePointRight(digits).longValueExact();
        }

        private void text(String name, String parent) throws XMLStreamException {
            if (name.equals("Sts") && !parent.equals("Ntry")) {
                return;
            }
            if (name.equals("Sts")) {
                status();
                return;
            }
            boolean holdsElements = name.equals("Id") && !parent.equals("Stmt") && !parent.equals("Othr")
                    || name.equals("Dt") && parent.equals("Bal");
            if (holdsElements) {
                return;
            }
            boolean inAccount = within("Acct") && !within("Ntry");
            String text = reader.getElementText().strip();
            path.pop();
            switch (name) {
                case "Id" -> id(parent, inAccount, text);
                case "IBAN" -> account = inAccount ? text : account;
                case "ElctrncSeqNb" -> sequence = Long.valueOf(text);
                case "Cd" -> code(parent, text);
                case "CdtDbtInd" -> direction(parent, text);
                case "RvslInd" -> requireEntry().reversal = text.equals("true") || text.equals("1");
                case "Dt", "DtTm" -> date(parent, text);
                case "AcctSvcrRef" -> {
                    if (entry != null && entry.bankReference.isEmpty()) {
                        entry.bankReference = text;
                    }
                }
                case "EndToEndId" -> requireEntry().reference = text;
                case "SubFmlyCd" -> requireEntry().subFamily = text;
                default -> throw new IllegalStateException(name);
            }
        }

        /** {@code <Sts>BOOK</Sts>} in older versions, {@code <Sts><Cd>BOOK</Cd></Sts>} in newer ones. */
        private void status() throws XMLStreamException {
            StringBuilder text = new StringBuilder();
            int depth = 1;
            while (depth > 0) {
                int event = reader.next();
                if (event == XMLStreamConstants.START_ELEMENT) {
                    depth++;
                } else if (event == XMLStreamConstants.END_ELEMENT) {
                    depth--;
                } else if (event == XMLStreamConstants.CHARACTERS) {
                    text.append(reader.getText());
                }
            }
            path.pop();
            requireEntry().status = text.toString().strip();
        }

        private void id(String parent, boolean inAccount, String text) {
            if (parent.equals("Stmt")) {
                id = text;
            } else if (inAccount && account.isEmpty()) {
                account = text;
            }
        }

        private void code(String parent, String text) {
            if (parent.equals("CdOrPrtry")) {
                balanceCode = text;
            } else if (parent.equals("Rsn") && within("RtrInf")) {
                requireEntry().returnReason = text;
            }
        }

        private void direction(String parent, String text) {
            if (parent.equals("Bal")) {
                balanceIsDebit = text.equals("DBIT");
            } else if (parent.equals("Ntry")) {
                requireEntry().credit = text.equals("CRDT");
            }
        }

        private void date(String parent, String text) {
            LocalDate date = text.length() > 10 ? OffsetDateTime.parse(text).toLocalDate() : LocalDate.parse(text);
            if (parent.equals("BookgDt")) {
                requireEntry().bookedOn = date;
            } else if (within("Bal")) {
                balanceDay = date;
            }
        }

        private void end() {
            String name = path.pop();
            if (name.equals("Bal")) {
                balance();
            } else if (name.equals("Ntry")) {
                entry();
            }
        }

        private void balance() {
            long signed = balanceIsDebit ? -balance : balance;
            switch (balanceCode) {
                case "OPBD", "PRCD" -> opening = signed;
                case "CLBD" -> {
                    closing = signed;
                    day = balanceDay;
                }
                default -> {}
            }
        }

        private void entry() {
            Entry done = requireEntry();
            entry = null;
            if (!done.status.equals("BOOK")) {
                return;
            }
            if (done.amount == null || done.credit == null || done.amount == 0) {
                throw unreadable("an entry has no amount or no direction");
            }
            if (done.transactions > 1) {
                throw unreadable("an entry bundles several payments; ask the bank to book each by itself");
            }
            if (lines.size() == MOST_LINES) {
                throw unreadable("it has more than " + MOST_LINES + " entries");
            }
            String reason = done.reversal && done.returnReason.isEmpty() ? "REVERSED" : done.returnReason;
            lines.add(new StatementFile.Line(
                    done.credit,
                    done.amount,
                    done.reference.equals("NOTPROVIDED") ? "" : done.reference,
                    done.bankReference,
                    reason,
                    done.subFamily.equals("CHRG") || done.subFamily.equals("FEES"),
                    done.bookedOn == null ? LocalDate.EPOCH : done.bookedOn));
        }
    }
}
