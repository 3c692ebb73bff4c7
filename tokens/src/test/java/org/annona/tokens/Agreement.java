package org.annona.tokens;

import java.time.Duration;
import org.annona.tokens.ConnectorTerms.Basis;
import org.annona.tokens.ConnectorTerms.Delivery;
import org.annona.tokens.ConnectorTerms.Patience;
import org.annona.tokens.ConnectorTerms.Proof;

/** What is agreed with a seeder: the presets with short pauses, and what a test changes of them. */
public final class Agreement {

    private final ConnectorTerms preset;
    private Delivery delivery;
    private String filter;
    private int interval;
    private int batch = 100;
    private Duration lost = Duration.ofSeconds(3);
    private Basis basis = Basis.LAW;
    private String basisReference = "Social Protection Act, section 12";
    private Proof proof;

    private Agreement(ConnectorTerms preset) {
        this.preset = preset;
        this.delivery = preset.delivery();
        this.filter = preset.filter();
        this.proof = preset.proof();
    }

    public static Agreement with(String seeder, Delivery delivery) {
        Agreement agreement = new Agreement(ConnectorTerms.preset(seeder));
        agreement.delivery = delivery;
        return agreement;
    }

    public static Agreement forForm(String seeder, OdkForm form) {
        return new Agreement(ConnectorTerms.presetForForm(seeder, form));
    }

    public Agreement selecting(String domain) {
        filter = domain;
        return this;
    }

    public Agreement everyMinutes(int minutes) {
        interval = minutes;
        return this;
    }

    /** How many people stand in one message. */
    public Agreement together(int people) {
        batch = people;
        return this;
    }

    /** After how long a message counts as lost. */
    public Agreement lostAfter(Duration whole) {
        lost = whole;
        return this;
    }

    public Agreement byConsent() {
        basis = Basis.CONSENT;
        basisReference = "";
        return this;
    }

    public Agreement signed() {
        proof = Proof.SIGNATURE;
        return this;
    }

    public ConnectorTerms terms() {
        return new ConnectorTerms(
                preset.seederUrl(),
                filter,
                preset.dialect(),
                preset.fields(),
                preset.mapping(),
                preset.outputFormat(),
                preset.language(),
                delivery,
                preset.callback(),
                interval,
                batch,
                5,
                Duration.ofMillis(20),
                Duration.ofSeconds(5),
                new Patience(
                        Duration.ofMillis(60),
                        Duration.ofMillis(150),
                        Duration.ofMillis(700),
                        Duration.ofSeconds(1),
                        lost),
                preset.virtualIdType(),
                preset.tokenType(),
                preset.tokenPattern(),
                preset.purpose(),
                basis,
                basisReference,
                proof,
                preset.form());
    }
}
