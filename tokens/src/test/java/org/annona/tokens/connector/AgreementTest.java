package org.annona.tokens.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.annona.foundation.problem.Problem;
import org.annona.interop.key.SigningKey;
import org.annona.interop.signature.BodySignature;
import org.annona.simulators.odk.SimulatedOdkCentral;
import org.annona.tokens.Agreement;
import org.annona.tokens.ConnectorStatus;
import org.annona.tokens.ConnectorTerms;
import org.annona.tokens.ConnectorTerms.Delivery;
import org.annona.tokens.FormWorld;
import org.annona.tokens.OdkForm;
import org.annona.tokens.TokensWorld;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is agreed with a seeder: it is kept where it fits, and a password goes where it was meant to go. */
class AgreementTest {

    private static final FormWorld FORM = new FormWorld();
    private static final TokensWorld WORLD = FORM.world;

    @AfterAll
    static void close() {
        FORM.close();
    }

    @BeforeEach
    void takeADay() {
        FORM.takeADay();
    }

    @Test
    void an_agreement_that_does_not_fit_is_not_kept() {
        ConnectorTerms good = agreement().terms();

        assertThatThrownBy(() -> WORLD.connector(agreement().selecting("[['name','ilike','a']]")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("sealed");
        assertThatThrownBy(() -> WORLD.connector(agreement().selecting("[]").together(0)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("People in one message");
        assertThatThrownBy(() -> WORLD.tokens.createConnector(TokensWorld.REGISTRAR, "x", good, Map.of()))
                .isInstanceOf(Problem.class);
    }

    private static Agreement agreement() {
        return Agreement.with(WORLD.seeder.url(), Delivery.DOWNLOAD);
    }

    @Test
    void an_agreement_that_does_not_fit_a_form_is_not_kept() {
        Instant from = FORM.from();
        Instant to = FORM.to();

        assertThatThrownBy(() -> create(new OdkForm("http://odk.example", "v1", "", "one", "", "nobody", to, from)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("Address of ODK Central: it begins with https")
                .hasMessageContaining("name its project by number")
                .hasMessageContaining("it is an e-mail address")
                .hasMessageContaining("later than from when");
        assertThatThrownBy(() -> create(form("http://127.0.0.1:9/v1/x", to)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("it is one of ODK Central");
        assertThatThrownBy(() -> create(form(FORM.odk.url() + "/v1/x?$top=2", to)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("without a question mark");
        assertThatThrownBy(() -> create(form("", Instant.now().plusSeconds(60))))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("it lies ahead, or less than 10 minutes back");
    }

    private static UUID create(OdkForm form) {
        return FORM.connector(ConnectorTerms.presetForForm(WORLD.seeder.url(), form), "x");
    }

    private static OdkForm form(String data, Instant to) {
        return new OdkForm(FORM.odk.url(), "v1", data, "1", "household", SimulatedOdkCentral.EMAIL, FORM.from(), to);
    }

    @Test
    void a_password_goes_to_no_other_address_by_itself() {
        ConnectorTerms terms = FORM.agreement().terms();
        UUID id = FORM.connector(terms, SimulatedOdkCentral.PASSWORD);
        Connectors connectors = WORLD.part(Connectors.class);
        String name = WORLD.newest().name();
        ConnectorTerms elsewhere =
                Agreement.forForm("http://127.0.0.1:9", FORM.form(FORM.to())).terms();

        assertThatThrownBy(() -> connectors.change(TokensWorld.ADMINISTRATOR, id, 1, name, elsewhere, Map.of()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("Password of the account in ODK");
        connectors.change(TokensWorld.ADMINISTRATOR, id, 1, name, terms, Map.of());

        assertThatThrownBy(() ->
                        WORLD.tokens.createConnector(TokensWorld.ADMINISTRATOR, "without password", terms, Map.of()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("Password of the account in ODK");
    }

    @Test
    void a_wrong_password_stops_the_connector_with_a_reason_and_loses_nothing() {
        String vid = WORLD.registered('1');
        FORM.submit(10, vid);
        ConnectorTerms terms = FORM.agreement().terms();
        UUID id = FORM.connector(terms, "wrong");

        ConnectorStatus status = WORLD.run(id);

        assertThat(status.state()).isEqualTo("failed");
        assertThat(status.reason()).contains("cannot read the form", "Perhaps ODK refuses the account");

        WORLD.part(Connectors.class)
                .change(
                        TokensWorld.ADMINISTRATOR,
                        id,
                        1,
                        status.name(),
                        terms,
                        Map.of(Connectors.FORM_PASSWORD, SimulatedOdkCentral.PASSWORD));

        WORLD.assertAllTokenised(WORLD.run(id), List.of(vid));
    }

    @Test
    void a_seeder_that_refuses_what_is_agreed_stops_the_connector_with_its_reason() {
        String vid = WORLD.registered('1');
        WORLD.seeder.misbehave("http", "403x1");

        ConnectorStatus status = WORLD.run(WORLD.agreement(Delivery.DOWNLOAD, List.of(vid)));

        assertThat(status.state()).isEqualTo("failed");
        assertThat(status.reason()).contains("403");
        WORLD.assertAllTokenised(WORLD.run(status.id()), List.of(vid));
    }

    /** That our published keys are those that sign is tested with the whole server. */
    @Test
    void a_gateway_before_the_seeder_lets_in_what_our_key_has_signed() {
        SigningKey ours = WORLD.part(SigningKey.class);
        String vid = WORLD.registered('1');
        WORLD.seeder.demandSignature((signature, body) -> BodySignature.verifies(
                signature, body, thumbprint -> thumbprint.equals(ours.thumbprint()) ? ours.publicKey() : null));
        try {
            ConnectorStatus unsigned = WORLD.run(WORLD.agreement(Delivery.DOWNLOAD, List.of(vid)));

            assertThat(unsigned.state()).isEqualTo("failed");
            assertThat(unsigned.reason()).contains("HTTP-401");
            WORLD.assertAllTokenised(
                    WORLD.run(WORLD.agreement(Delivery.CALLBACK_AND_POLL, List.of(vid))
                            .signed()),
                    List.of(vid));
        } finally {
            WORLD.seeder.demandSignature((signature, body) -> true);
        }
    }
}
