package org.annona.interop.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When two addresses mean one server. */
class OriginTest {

    @Test
    void a_path_another_case_and_the_usual_port_mean_the_same_server() {
        assertThat(Origin.of("https://ODK.example/v1?x=1")).isEqualTo(Origin.of("HTTPS://odk.example:443"));
        assertThat(Origin.of("http://odk.example")).isEqualTo(Origin.of("http://odk.example:80/"));
    }

    @Test
    void another_scheme_host_or_port_is_another_server() {
        Origin origin = Origin.of("https://odk.example");
        assertThat(Origin.of("http://odk.example")).isNotEqualTo(origin);
        assertThat(Origin.of("https://odk.example.evil")).isNotEqualTo(origin);
        assertThat(Origin.of("https://odk.example:8443")).isNotEqualTo(origin);
    }
}
