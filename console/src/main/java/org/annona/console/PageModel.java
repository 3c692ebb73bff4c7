package org.annona.console;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.annona.access.Actor;
import org.annona.access.ActorResolver;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** What the layout of every page needs. */
@ControllerAdvice(annotations = Controller.class)
public final class PageModel {

    private final ActorResolver actors;
    private final ConsoleSettings settings;
    private final Formats formats;
    private final List<NavigationEntry> entries;
    private final List<PageStrip> strips;

    PageModel(
            ActorResolver actors,
            ConsoleSettings settings,
            Formats formats,
            List<NavigationEntry> entries,
            List<PageStrip> strips) {
        this.strips = strips;
        this.actors = actors;
        this.settings = settings;
        this.formats = formats;
        this.entries = entries.stream()
                .sorted(Comparator.comparingInt(NavigationEntry::order))
                .toList();
    }

    @ModelAttribute
    void fill(Model model, HttpServletRequest request) {
        Actor actor = request.getUserPrincipal() == null ? null : actors.actorOf(request);
        fill(model, actor, request);
    }

    public void fill(Model model, @Nullable Actor actor, HttpServletRequest request) {
        String path = request.getRequestURI();
        model.addAttribute("organisations", actor == null ? Map.of() : actors.organisationsOf(request));
        model.addAttribute("me", actor);
        model.addAttribute("settings", settings);
        model.addAttribute("fmt", formats);
        model.addAttribute("strips", strips);
        model.addAttribute("reach", new Reach(actor, entries));
        model.addAttribute("currentPath", path);
        model.addAttribute(
                "navigation",
                actor == null
                        ? List.of()
                        : entries.stream().filter(entry -> entry.isFor(actor)).toList());
    }
}
