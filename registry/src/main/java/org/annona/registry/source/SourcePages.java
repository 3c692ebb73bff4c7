package org.annona.registry.source;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.console.Notice;
import org.annona.console.ProblemView;
import org.annona.foundation.problem.Problem;
import org.annona.registry.RegistryPermission;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Other registries as sources: where each is, how we are let in, and whether that works. */
@Controller
public final class SourcePages {

    private static final String PATH = "/data-sources";

    private final DataSources sources;
    private final Uses uses;

    /** What a source is used for, for its page. */
    public interface Uses {

        /** @return address and name of each import from it; none for those who may not see imports */
        List<Map.Entry<String, String>> of(Actor actor, UUID source);
    }

    public SourcePages(DataSources sources, Uses uses) {
        this.sources = sources;
        this.uses = uses;
    }

    @GetMapping(PATH)
    String list(Actor actor, Model model) {
        List<DataSource> all = sources.all(actor);
        Map<UUID, List<Map.Entry<String, String>>> imports = new LinkedHashMap<>();
        all.forEach(source -> imports.put(source.id(), uses.of(actor, source.id())));
        model.addAttribute("sources", all);
        model.addAttribute("imports", imports);
        model.addAttribute("mayEdit", actor.may(RegistryPermission.EDIT_SOURCES));
        model.addAttribute("mayImport", actor.may(RegistryPermission.IMPORT));
        return "registry/data-sources";
    }

    @GetMapping(PATH + "/new")
    String blank(Actor actor, Model model) {
        actor.require(RegistryPermission.EDIT_SOURCES);
        return form(model, PATH + "/new", SourceForm.blank(), null);
    }

    private static String form(Model model, String action, SourceForm form, @Nullable DataSource source) {
        model.addAttribute("action", action);
        model.addAttribute("form", form.texts());
        model.addAttribute("source", source);
        Map<String, String> authentications = new LinkedHashMap<>();
        Arrays.stream(SourceTerms.Authentication.values()).forEach(one -> authentications.put(one.name(), one.label()));
        model.addAttribute("authentications", authentications);
        Map<String, String> dialects = new LinkedHashMap<>();
        dialects.put("SIGNATURE", "as the standard has it");
        dialects.put("SINATURE", "as the importer of 2024 wrote it (\"sinature\")");
        model.addAttribute("dialects", dialects);
        Map<String, String> signings = new LinkedHashMap<>();
        signings.put("", "not at all");
        signings.put("PARAMETER_STRING", "parameters of DCI, Ed25519");
        signings.put("DETACHED_JWS", "detached JWS, ES256");
        signings.put("COMPACT_JWS", "compact JWS, RS256");
        model.addAttribute("signings", signings);
        return "registry/data-source-form";
    }

    @PostMapping(PATH + "/new")
    String create(Actor actor, Model model, RedirectAttributes redirect, @RequestParam Map<String, String> parameters) {
        actor.require(RegistryPermission.EDIT_SOURCES);
        SourceForm form = SourceForm.typed(parameters);
        try {
            UUID id = sources.create(
                    actor,
                    form.text("code"),
                    form.text("name"),
                    form.terms(),
                    parameters.getOrDefault("secret", "").strip());
            Notice.good(redirect, "The source was kept. Test it before anybody imports from it.");
            return "redirect:" + PATH + "/" + id;
        } catch (Problem refusal) {
            return refused(model, refusal, PATH + "/new", form, null);
        }
    }

    private static String refused(
            Model model, Problem refusal, String action, SourceForm form, @Nullable DataSource source) {

        model.addAttribute("problem", ProblemView.of(refusal));
        return form(model, action, form, source);
    }

    @GetMapping(PATH + "/{id}/edit")
    String edit(Actor actor, Model model, @PathVariable UUID id) {
        actor.require(RegistryPermission.EDIT_SOURCES);
        DataSource source = sources.get(id);
        return form(
                model, PATH + "/" + id + "/edit", SourceForm.of(source.code(), source.name(), source.terms()), source);
    }

    @PostMapping(PATH + "/{id}/edit")
    String change(
            Actor actor,
            Model model,
            RedirectAttributes redirect,
            @PathVariable UUID id,
            @RequestParam int version,
            @RequestParam Map<String, String> parameters) {
        actor.require(RegistryPermission.EDIT_SOURCES);
        SourceForm form = SourceForm.typed(parameters);
        try {
            sources.change(
                    actor,
                    id,
                    version,
                    form.text("name"),
                    form.terms(),
                    parameters.getOrDefault("secret", "").strip(),
                    parameters.getOrDefault("state", "active").equals("active"));
            Notice.good(redirect, "Changed. It holds from the next message on.");
            return "redirect:" + PATH + "/" + id;
        } catch (Problem refusal) {
            return refused(model, refusal, PATH + "/" + id + "/edit", form, sources.get(id));
        }
    }

    @GetMapping(PATH + "/{id}")
    String show(Actor actor, Model model, @PathVariable UUID id) {
        model.addAttribute("source", sources.show(actor, id));
        model.addAttribute("imports", uses.of(actor, id));
        model.addAttribute("mayEdit", actor.may(RegistryPermission.EDIT_SOURCES));
        model.addAttribute("mayImport", actor.may(RegistryPermission.IMPORT));
        return "registry/data-source";
    }

    @PostMapping(PATH + "/{id}/test")
    String test(Actor actor, Model model, @PathVariable UUID id) {
        model.addAttribute("findings", sources.test(actor, id));
        return show(actor, model, id);
    }
}
