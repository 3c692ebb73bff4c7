package org.annona.registry.source;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.annona.foundation.problem.Problem;
import org.annona.interop.signature.Signer;
import org.annona.registry.RegistryProblem;

/** What stands in the form of a source, as it was typed, so that nothing has to be typed twice after a refusal. */
record SourceForm(Map<String, String> texts) {

    static SourceForm blank() {
        return of("", "", SourceTerms.preset());
    }

    static SourceForm of(String code, String name, SourceTerms terms) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("code", code);
        texts.put("name", name);
        texts.put("baseUrl", terms.baseUrl());
        texts.put("searchPath", terms.searchPath());
        texts.put("tokenAddress", terms.tokenAddress());
        texts.put("authentication", terms.authentication().name());
        texts.put("login", terms.login());
        texts.put("scope", terms.scope());
        texts.put("senderId", terms.senderId());
        texts.put("receiverId", terms.receiverId());
        texts.put("dialect", terms.dialect().name());
        Signer signing = terms.signing();
        texts.put("signing", signing == null ? "" : signing.name());
        texts.put("pageSize", Integer.toString(terms.pageSize()));
        texts.put("timeout", Long.toString(terms.timeout().toSeconds()));
        return new SourceForm(texts);
    }

    static SourceForm typed(Map<String, String> parameters) {
        Map<String, String> texts = new LinkedHashMap<>(blank().texts());
        texts.replaceAll((name, usual) -> parameters.getOrDefault(name, "").strip());
        return new SourceForm(texts);
    }

    String text(String name) {
        return texts.getOrDefault(name, "");
    }

    SourceTerms terms() {
        return new SourceTerms(
                text("baseUrl").replaceAll("/+$", ""),
                text("searchPath"),
                text("tokenAddress"),
                named("authentication", SourceTerms.Authentication.values()),
                text("login"),
                text("scope"),
                text("senderId"),
                text("receiverId"),
                named("dialect", SourceTerms.Dialect.values()),
                text("signing").isEmpty() ? null : named("signing", Signer.values()),
                number("pageSize", "Records in one page"),
                Duration.ofSeconds(number("timeout", "Timeout")));
    }

    private int number(String name, String label) {
        String text = text(name);
        if (!text.matches("\\d{1,6}")) {
            throw unfit(label + ": a whole number.");
        }
        return Integer.parseInt(text);
    }

    private <E extends Enum<E>> E named(String name, E[] all) {
        return Arrays.stream(all)
                .filter(one -> one.name().equals(text(name)))
                .findFirst()
                .orElseThrow(() -> unfit(name + ": choose one of the list."));
    }

    private static Problem unfit(String fault) {
        return Problem.of(RegistryProblem.SOURCE_UNFIT, "faults", fault);
    }
}
