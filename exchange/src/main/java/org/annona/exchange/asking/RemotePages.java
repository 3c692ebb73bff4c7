package org.annona.exchange.asking;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.annona.access.AccessProblem;
import org.annona.access.Actor;
import org.annona.console.Notice;
import org.annona.console.ProblemView;
import org.annona.exchange.ExchangePermission;
import org.annona.exchange.ExchangeProblem;
import org.annona.exchange.partner.Partner;
import org.annona.exchange.partner.Partners;
import org.annona.foundation.problem.Problem;
import org.annona.interop.search.Outcome;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** How a partner's registry is asked, and whether that works. */
@Controller
public final class RemotePages {

    private static final String USUAL_BATCH = "100";

    private final RemoteRegistries remotes;
    private final Partners partners;

    public RemotePages(RemoteRegistries remotes, Partners partners) {
        this.remotes = remotes;
        this.partners = partners;
    }

    @GetMapping("/partners/{id}/registry")
    String show(Actor actor, Model model, @PathVariable UUID id) {
        Partner partner = partners.show(actor, id);
        Map<String, String> texts = new LinkedHashMap<>();
        RemoteRegistry known = remotes.find(id).orElse(null);
        texts.put("address", known == null ? "" : known.address());
        texts.put("tokenAddress", known == null ? "" : known.tokenAddress());
        texts.put("clientId", known == null ? "" : known.clientId());
        texts.put("batch", known == null ? USUAL_BATCH : Integer.toString(known.batch()));
        return page(actor, model, partner, known, texts);
    }

    private static String page(
            Actor actor, Model model, Partner partner, @Nullable RemoteRegistry known, Map<String, String> texts) {
        model.addAttribute("partner", partner);
        model.addAttribute("remote", known);
        model.addAttribute("texts", texts);
        model.addAttribute("mayManage", actor.may(ExchangePermission.MANAGE));
        return "exchange/remote";
    }

    @PostMapping("/partners/{id}/registry")
    String agree(
            Actor actor,
            Model model,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam Map<String, String> parameters) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name : new String[] {"address", "tokenAddress", "clientId", "batch"}) {
            texts.put(name, parameters.getOrDefault(name, "").strip());
        }
        try {
            remotes.agree(
                    actor,
                    id,
                    texts.getOrDefault("address", ""),
                    texts.getOrDefault("tokenAddress", ""),
                    texts.getOrDefault("clientId", ""),
                    parameters.getOrDefault("secret", "").strip(),
                    number(texts.getOrDefault("batch", "")));
        } catch (Problem refusal) {
            if (refusal.code() == AccessProblem.NOT_PERMITTED) {
                throw refusal;
            }
            model.addAttribute("problem", ProblemView.of(refusal));
            return page(actor, model, partners.show(actor, id), remotes.find(id).orElse(null), texts);
        }
        Notice.good(redirect, "It is noted how the registry is asked. Test the connection now.");
        return "redirect:/partners/" + id + "/registry";
    }

    private static int number(String text) {
        if (!text.matches("\\d{1,6}")) {
            throw Problem.of(ExchangeProblem.PARTNER_UNFIT, "field", "Questions", "reason", "it is a whole number");
        }
        return Integer.parseInt(text);
    }

    @PostMapping("/partners/{id}/registry/test")
    String test(Actor actor, RedirectAttributes redirect, @PathVariable UUID id) {
        RemoteRegistries.Tested tested = remotes.test(actor, id);
        Outcome outcome = tested.outcome();
        if (outcome instanceof Outcome.Answered) {
            Notice.good(
                    redirect,
                    tested.signed()
                            ? "The registry answered, and its signature holds."
                            : "The registry answered without a signature, which is agreed with this partner. Nothing shows who"
                                    + " wrote the answer.");
        } else {
            redirect.addFlashAttribute(
                    "problem",
                    ProblemView.of(Problem.of(
                            ExchangeProblem.REGISTRY_UNKNOWN,
                            "partner",
                            partners.show(actor, id).name(),
                            "reason",
                            RemoteRegistries.reason(outcome))));
        }
        return "redirect:/partners/" + id + "/registry";
    }
}
