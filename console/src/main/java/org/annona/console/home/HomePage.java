package org.annona.console.home;

import java.util.Comparator;
import java.util.List;
import org.annona.access.Actor;
import org.annona.console.WaitingItem;
import org.annona.console.WaitingSource;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The first page: what waits for me. */
@Controller
public final class HomePage {

    private final List<WaitingSource> sources;

    public HomePage(List<WaitingSource> sources) {
        this.sources = sources;
    }

    @GetMapping("/")
    String show(Actor actor, Model model) {
        List<WaitingItem> waiting = sources.stream()
                .flatMap(source -> source.waitingFor(actor).stream())
                .filter(item -> item.count() > 0)
                .sorted(Comparator.comparing(WaitingItem::urgent).reversed())
                .toList();
        model.addAttribute("waiting", waiting);
        return "console/home";
    }
}
