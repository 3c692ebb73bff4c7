package org.annona.exchange.partner;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.annona.exchange.ExchangeProblem;
import org.annona.foundation.problem.Faults;
import org.annona.foundation.problem.Problem;
import org.annona.interop.key.UnfitKey;
import org.annona.interop.signature.DigestProfile;
import org.annona.interop.signature.SignaturePolicy;
import org.annona.interop.signature.Signer;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/** What stands in the form of a partner, as it was typed, so that nothing has to be typed twice after a refusal. */
public record PartnerForm(Map<String, String> texts, Set<String> scopes) {

    static final Map<String, String> SIGNATURES =
            choices("required", "required", "optional", "optional: unsigned messages are taken too");
    static final Map<String, String> FORMATS = choices(
            "parameter_string",
            "parameter string, Ed25519 (OpenSPP2, our default)",
            "compact_jws",
            "compact JWS, RS256 (OpenCRVS)",
            "detached_jws",
            "detached JWS, ES256 (OpenG2P)");
    static final Map<String, String> PROFILES =
            choices("standard", "as it was sent", "openspp2", "OpenSPP2: with all fields, null where unset");
    static final Map<String, String> DEMANDS = choices("optional", "not demanded", "required", "demanded");
    static final Map<String, String> COUNTS =
            choices("strict", "has to be right", "lenient", "may be wrong (OpenSPP 17)");

    private static Map<String, String> choices(String... pairs) {
        Map<String, String> choices = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            choices.put(pairs[i], pairs[i + 1]);
        }
        return choices;
    }

    static PartnerForm of(PartnerDraft draft) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("senderId", draft.senderId());
        texts.put("name", draft.name());
        texts.put("keysUrl", Objects.requireNonNullElse(draft.keysUrl(), ""));
        texts.put("keyName", "");
        texts.put("pem", "");
        texts.put("signatures", code(draft.terms().signatures()));
        texts.put("format", code(draft.terms().signer()));
        texts.put("profile", code(draft.terms().profile()));
        texts.put("encryption", draft.terms().encryptionRequired() ? "required" : "optional");
        texts.put("consent", draft.terms().consentRequired() ? "required" : "optional");
        texts.put("callbackUrl", Objects.requireNonNullElse(draft.callbackUrl(), ""));
        texts.put("notifyUrl", Objects.requireNonNullElse(draft.notifyUrl(), ""));
        texts.put("hosts", draft.hosts().stream().sorted().collect(Collectors.joining(" ")));
        texts.put("mostItems", Integer.toString(draft.limits().mostItems()));
        texts.put("pageSize", Integer.toString(draft.limits().pageSize()));
        texts.put("requestsPerMinute", Integer.toString(draft.limits().requestsPerMinute()));
        texts.put("mostSubscriptions", Integer.toString(draft.limits().mostSubscriptions()));
        texts.put("counts", draft.limits().lenientCount() ? "lenient" : "strict");
        texts.put("signatureLife", Integer.toString(draft.limits().signatureSeconds()));
        Integer freshness = draft.limits().freshnessSeconds();
        texts.put("freshness", freshness == null ? "" : freshness.toString());
        return new PartnerForm(
                texts, draft.scopes().stream().map(TokenScope::code).collect(Collectors.toSet()));
    }

    static PartnerForm typed(MultiValueMap<String, String> parameters) {
        Map<String, String> texts =
                new LinkedHashMap<>(of(PartnerDraft.of("x", "x")).texts());
        texts.replaceAll((name, usual) ->
                Objects.requireNonNullElse(parameters.getFirst(name), "").strip());
        return new PartnerForm(texts, Set.copyOf(Objects.requireNonNullElse(parameters.get("scope"), List.of())));
    }

    private String text(String name) {
        return texts.getOrDefault(name, "");
    }

    /**
     * @param old what is agreed now; its keys stay where no new ones are entered
     * @param faults hears what cannot be read, for which something usual stands in the draft
     */
    PartnerDraft draft(@Nullable Partner old, Faults faults) {
        return new PartnerDraft(
                old == null ? text("senderId") : old.senderId(),
                text("name"),
                emptyAsNull(text("keysUrl")),
                faults.read(() -> keys(old), PartnerDraft.NO_KEYS),
                new Partner.Terms(
                        named(faults, "signatures", SignaturePolicy.values()),
                        named(faults, "format", Signer.values()),
                        named(faults, "profile", DigestProfile.values()),
                        text("encryption").equals("required"),
                        text("consent").equals("required")),
                emptyAsNull(text("callbackUrl")),
                emptyAsNull(text("notifyUrl")),
                Arrays.stream(text("hosts").split("[\\s,]+"))
                        .filter(host -> !host.isEmpty())
                        .collect(Collectors.toSet()),
                scopes.stream().flatMap(code -> TokenScope.of(code).stream()).collect(Collectors.toSet()),
                new Partner.Limits(
                        number(faults, "mostItems", "Items per message"),
                        number(faults, "pageSize", "Page size"),
                        number(faults, "requestsPerMinute", "Requests per minute"),
                        number(faults, "mostSubscriptions", "Subscriptions"),
                        text("counts").equals("lenient"),
                        text("freshness").isEmpty() ? null : number(faults, "freshness", "Age of messages"),
                        number(faults, "signatureLife", "Life of signatures")));
    }

    private String keys(@Nullable Partner old) {
        if (!text("keysUrl").isEmpty()) {
            return PartnerDraft.NO_KEYS;
        }
        if (text("pem").isEmpty()) {
            return old == null ? PartnerDraft.NO_KEYS : old.ownKeys();
        }
        try {
            return PartnerKeys.ofPem(text("keyName").isEmpty() ? "key-1" : text("keyName"), text("pem"));
        } catch (UnfitKey unfit) {
            throw Problem.of(ExchangeProblem.KEY_UNFIT, "reason", String.valueOf(unfit.getMessage()));
        }
    }

    private int number(Faults faults, String name, String label) {
        if (!text(name).matches("\\d{1,9}")) {
            faults.add(Problem.of(ExchangeProblem.PARTNER_UNFIT, "field", label, "reason", "it is a whole number"));
            String usual = of(PartnerDraft.of("x", "x")).text(name);
            return usual.isEmpty() ? 1 : Integer.parseInt(usual);
        }
        return Integer.parseInt(text(name));
    }

    private <E extends Enum<E>> E named(Faults faults, String name, E[] all) {
        return faults.read(
                () -> Arrays.stream(all)
                        .filter(one -> code(one).equals(text(name)))
                        .findFirst()
                        .orElseThrow(() -> Problem.of(
                                ExchangeProblem.PARTNER_UNFIT, "field", name, "reason", "choose one of the list")),
                all[0]);
    }

    private static String code(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String emptyAsNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
