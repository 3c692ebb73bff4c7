package org.annona.exchange.keys;

import org.annona.access.Actor;
import org.annona.console.Confirmation;
import org.annona.console.Notice;
import org.annona.exchange.ExchangePermission;
import org.annona.exchange.ExchangeSettings;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Our own keys, and what a partner has to know about us. */
@Controller
public final class KeyPages {

    private final OurKeys keys;
    private final ExchangeSettings settings;

    public KeyPages(OurKeys keys, ExchangeSettings settings) {
        this.keys = keys;
        this.settings = settings;
    }

    @GetMapping("/partners/our-keys")
    String list(Actor actor, Model model) {
        model.addAttribute("keys", keys.list(actor));
        model.addAttribute("us", settings);
        model.addAttribute("mayManage", actor.may(ExchangePermission.MANAGE));
        return "exchange/keys";
    }

    @GetMapping("/partners/our-keys/rotate")
    String ask(Actor actor, Model model, @RequestParam String algorithm) {
        actor.require(ExchangePermission.MANAGE);
        model.addAttribute(
                "confirmation",
                Confirmation.of(
                                "A new key for " + algorithm + "?",
                                "It signs or opens from now on. The old one stays published for two days.",
                                "/partners/our-keys/rotate",
                                "Make a new key",
                                "/partners/our-keys")
                        .carrying("algorithm", algorithm)
                        .warning(
                                "Partners that keep our keys by hand refuse our messages until they have the new one."));
        return "console/confirm";
    }

    @PostMapping("/partners/our-keys/rotate")
    String rotate(Actor actor, RedirectAttributes redirect, @RequestParam String algorithm) {
        keys.rotate(actor, algorithm);
        Notice.good(redirect, "There is a new key for " + algorithm + ".");
        return "redirect:/partners/our-keys";
    }
}
