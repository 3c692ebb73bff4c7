package org.annona.demo.strip;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.annona.console.Notice;
import org.annona.console.PageBefore;
import org.annona.demo.standin.BankSwitches;
import org.annona.payments.FundsAnnouncement;
import org.annona.payments.Payments;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What happens outside Annona, for a visitor of the demo to let happen: the treasury pays, a day passes at the bank. */
@Controller
public final class WorldOutside {

    private static final int MOST_DAYS = 30;

    private final Payments payments;
    private final BankSwitches bank;

    public WorldOutside(Payments payments, BankSwitches bank) {
        this.payments = payments;
        this.bank = bank;
    }

    @PostMapping("/demo/bank-day")
    synchronized String bankDay(
            HttpServletRequest request, RedirectAttributes redirect, @RequestParam(defaultValue = "1") int days) {
        int passed = Math.clamp(days, 1, MOST_DAYS);
        bank.closeDays(passed);
        payments.fetchStatements();
        Notice.good(
                redirect,
                passed == 1
                        ? "A bank day has passed, and its statement was read."
                        : passed + " bank days have passed, and their statements were read.");
        return back(request);
    }

    /** The day passes too, because money is known here by the statement of the bank. */
    @PostMapping("/demo/treasury")
    synchronized String treasury(HttpServletRequest request, RedirectAttributes redirect) {
        List<FundsAnnouncement> announced = payments.awaitedFunds();
        if (announced.isEmpty()) {
            Notice.good(
                    redirect,
                    "The treasury waits for an announcement. A finance officer announces funds on the page Funds.");
            return back(request);
        }
        announced.forEach(one -> bank.deposit(one.reference(), one.amountMinor()));
        bank.closeDays(1);
        payments.fetchStatements();
        Notice.good(redirect, "The treasury paid what was announced, and a bank day has passed.");
        return back(request);
    }

    private static String back(HttpServletRequest request) {
        String page = PageBefore.of(request);
        return "redirect:" + (page == null ? "/" : page);
    }
}
