package org.annona.simulators.seeder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stand-in against the contract that the reference describes (part A). */
class SimulatedSeederTest {

    private final HttpClient http = HttpClient.newHttpClient();
    private SimulatedSeeder seeder;
    private HttpServer receiver;
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() throws IOException {
        seeder = new SimulatedSeeder(new Authority("partner", false), 0);
        seeder.start();
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type") + " " + body);
            exchange.sendResponseHeaders(500, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        seeder.close();
        receiver.stop(0);
    }

    private record Answer(int status, JsonNode body, String text) {

        String code() {
            return body.path("errors").path(0).path("errorCode").asText();
        }

        String message() {
            return body.path("errors").path(0).path("errorMessage").asText();
        }

        String id() {
            return body.path("response").path("request_identifier").asText();
        }
    }

    private Answer call(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        JsonNode body;
        try {
            body = SeederRequest.JSON.readTree(response.body());
        } catch (IOException notJson) {
            body = SeederRequest.JSON.nullNode();
        }
        return new Answer(response.statusCode(), body, response.body());
    }

    private Answer post(String path, String body) throws Exception {
        return call(HttpRequest.newBuilder(URI.create(seeder.url() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private Answer get(String path) throws Exception {
        return call(HttpRequest.newBuilder(URI.create(seeder.url() + path)));
    }

    private static ObjectNode record(String vid) {
        return SeederRequest.JSON
                .createObjectNode()
                .put("ref", "r-" + vid)
                .put("vid", vid)
                .put("given_name", "Asha")
                .put("birthdate", "1976/01/01")
                .put("gender", "Female")
                .put("address", "12 Main St");
    }

    private ObjectNode envelope(String... vids) {
        ObjectNode whole = SeederRequest.JSON
                .createObjectNode()
                .put("id", "annona.mts")
                .put("version", "1.0")
                .put("metadata", "")
                .put("requesttime", "2026-11-21T01:48:30.446Z");
        ObjectNode request = whole.putObject("request")
                .put("output", "json")
                .put("deliverytype", "download")
                .put(
                        "outputFormat",
                        "{ref:.input.ref,status:.output.status,token:.output.token,code:.output.errorCode}");
        request.putObject("mapping")
                .put("dob", "birthdate")
                .<ObjectNode>set(
                        "name",
                        SeederRequest.JSON.createArrayNode().add("given_name").add("family_name"))
                .set("fullAddress", SeederRequest.JSON.createArrayNode().add("address"));
        var data = request.putArray("authdata");
        List.of(vids).forEach(vid -> data.add(record(vid)));
        return whole;
    }

    @Test
    void one_that_answers_at_once_takes_one_record_and_knows_nothing_else() throws Exception {
        seeder.close();
        seeder = new SimulatedSeeder(new Authority("partner", false), 0, true);
        seeder.start();
        ObjectNode good = envelope();
        request(good).set("authdata", record("1234"));
        Answer answer = post("/authtoken/json", good.toString());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("version").asText()).isEqualTo("1.0");
        assertThat(answer.body().path("errors").isNull()).isTrue();
        assertThat(answer.body().at("/response/authStatus").asBoolean()).isTrue();
        assertThat(answer.body().at("/response/authToken").asText()).matches("[0-9]{36}");
        request(good).set("authdata", record("9234"));
        Answer unknown = post("/authtoken/json", good.toString());
        assertThat(unknown.status()).isEqualTo(200);
        assertThat(unknown.code()).isEqualTo("IDA-MLC-004");
        assertThat(unknown.body().path("response").toString()).isEqualTo("{\"authStatus\":false}");
        request(good).set("authdata", record("1234").put("gender", ""));
        Answer invalid = post("/authtoken/json", good.toString());
        assertThat(invalid.status()).isEqualTo(400);
        assertThat(invalid.code()).isEqualTo("ATS-REQ-004");
        assertThat(post("/authtoken/odk", good.toString()).status()).isEqualTo(404);
        assertThat(get("/authtoken/status/x").status()).isEqualTo(404);
    }

    @Test
    @Timeout(10)
    void a_request_older_than_the_clean_up_is_forgotten_whatever_became_of_it() throws Exception {
        seeder.misbehave("cleanupSeconds", "0.2");
        seeder.misbehave("processDelay", "400");
        String id = post("/authtoken/json", envelope("1234").toString()).id();
        assertThat(get("/authtoken/status/" + id).status()).isEqualTo(200);
        while (get("/authtoken/status/" + id).status() != 404) {
            Thread.onSpinWait();
        }
        assertThat(get("/authtoken/file/" + id).code()).isEqualTo("ATS-REQ-016");
        assertThat(seeder.book().authentications()).isZero();
    }

    private static ObjectNode request(ObjectNode whole) {
        return (ObjectNode) whole.get("request");
    }

    private String finished(String id) throws Exception {
        String status = "";
        for (int i = 0; i < 200 && !status.startsWith("processed") && !status.startsWith("error"); i++) {
            status = get("/authtoken/status/" + id)
                    .body()
                    .path("response")
                    .path("status")
                    .asText();
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return status;
    }

    @Test
    void a_download_is_submitted_processed_and_fetched_in_the_order_of_its_records() throws Exception {
        Answer taken = post(
                "/authtoken/json",
                envelope("1000000001", "9000000001", "8000000001").toString());
        assertThat(taken.status()).isEqualTo(200);
        assertThat(taken.body().get("errors").isNull()).isTrue();
        assertThat(taken.id()).hasSize(36).startsWith("00");
        assertThat(finished(taken.id())).isEqualTo("processed_with_errors");
        Answer file = get("/authtoken/file/" + taken.id());
        assertThat(file.body().get(0).path("token").asText()).matches("\\d{36}");
        assertThat(file.body().get(1).path("code").asText()).isEqualTo("IDA-MLC-004");
        assertThat(file.body().get(2).path("code").asText()).isEqualTo("ATS-REQ-103");
    }

    /** Of the reference, part B. */
    @Test
    void tokens_are_the_same_each_time_and_those_of_five_belong_to_one() {
        assertThat(new Authority("partner", true).token("5408602380"))
                .isEqualTo("P1aeOTptNq7EZOCEc2aY_mmELBUt3acHXnrAwfhfLVQ");
        Authority authority = new Authority("partner", false);
        assertThat(authority.token("5123")).isEqualTo(authority.token("1123")).matches("\\d{36}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "id~null~422~ATS-REQ-102~Invalid Input. none is not an allowed value",
                "metadata~{}~422~ATS-REQ-102~Invalid Input. str type expected",
                "requesttime~\"2026-11-21T01:48:30Z\"~400~ATS-REQ-102~invalid input. requesttime is not in valid format",
            })
    void the_envelope_is_checked(String field, String value, int status, String code, String message) throws Exception {
        ObjectNode whole = envelope("1000000001");
        whole.set(field, SeederRequest.JSON.readTree(value));
        Answer answer = post("/authtoken/json", whole.toString());
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.message()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "output~\"xml\"~400~ATS-REQ-102~invalid input. output type is not supported",
                "output~\"\"~400~ATS-REQ-102~invalid input. output type is not mentioned",
                "deliverytype~\"mail\"~400~ATS-REQ-102~invalid input. delivery type is not supported",
                "deliverytype~~500~ATS-REQ-100~'deliverytype'",
                "mapping~\"x\"~422~ATS-REQ-102~Invalid Input. value is not a valid dict",
                "mapping~{\"name\":\"x\"}~422~ATS-REQ-102~Invalid Input. value is not a valid list",
                "outputFormat~\"{\"~400~ATS-REQ-103~outputFormat is not a valid jq expression",
                "authdata~[]~400~ATS-REQ-102~invalid input. authdata missing",
                "authdata~7~500~ATS-REQ-100~object of type 'int' has no len()",
                "deliverytype~\"callback\"~400~ATS-REQ-024~callbackProperties cannot be empty for deliverytype callback",
            })
    void the_request_is_checked(String field, String value, int status, String code, String message) throws Exception {
        ObjectNode whole = envelope("1000000001");
        if (value == null) {
            request(whole).remove(field);
        } else {
            request(whole).set(field, SeederRequest.JSON.readTree(value));
        }
        Answer answer = post("/authtoken/json", whole.toString());
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.message()).isEqualTo(message);
    }

    @Test
    void a_fault_of_business_hides_faults_of_form_which_else_come_together() throws Exception {
        ObjectNode whole = envelope("1000000001");
        whole.remove("id");
        request(whole).put("output", "xml");
        assertThat(post("/authtoken/json", whole.toString()).status()).isEqualTo(400);
        request(whole).put("output", "json").put("mapping", "text");
        Answer answer = post("/authtoken/json", whole.toString());
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body().get("errors")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "vid,ATS-REQ-009",
        "given_name,ATS-REQ-010",
        "gender,ATS-REQ-011",
        "birthdate,ATS-REQ-012",
        "address,ATS-REQ-015",
    })
    void a_record_without_something_is_invalid_and_still_delivered(String field, String code) throws Exception {
        ObjectNode whole = envelope("1000000001");
        ((ObjectNode) request(whole).get("authdata").get(0)).remove(field);
        Answer taken = post("/authtoken/json", whole.toString());
        assertThat(taken.status()).isEqualTo(200);
        assertThat(taken.code()).isEqualTo("ATS-REQ-101");
        assertThat(finished(taken.id())).isEqualTo("processed_with_errors");
        JsonNode row = get("/authtoken/file/" + taken.id()).body().get(0);
        assertThat(row.path("status").asText()).isEqualTo("invalid");
        assertThat(row.path("code").asText()).isEqualTo(code);
    }

    private ObjectNode withCallback(ObjectNode whole, Consumer<ObjectNode> properties) {
        ObjectNode callback = request(whole)
                .put("deliverytype", "callback")
                .putObject("callbackProperties")
                .put("url", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/answers")
                .put("callInBulk", true)
                .put("authType", "staticBearer");
        callback.putObject("authStaticBearer").put("token", "t0ken");
        properties.accept(callback);
        return whole;
    }

    @Test
    void results_are_called_back_in_bulk_and_the_answer_does_not_matter() throws Exception {
        Answer taken = post(
                "/authtoken/json",
                withCallback(envelope("1000000001", "9000000001"), none -> {}).toString());
        String call = received.poll(5, TimeUnit.SECONDS);
        assertThat(call).startsWith("Bearer t0ken application/json [").contains("r-1000000001", "IDA-MLC-004");
        assertThat(finished(taken.id())).isEqualTo("processed_with_errors");
        Answer file = get("/authtoken/file/" + taken.id());
        assertThat(file.status()).isEqualTo(500);
        assertThat(file.code()).isEqualTo("ATS-REQ-100");
    }

    @Test
    void a_receiver_that_is_gone_ends_the_request_with_an_error() throws Exception {
        ObjectNode whole =
                withCallback(envelope("1000000001"), callback -> callback.put("url", "http://127.0.0.1:1/x"));
        Answer taken = post("/authtoken/json", whole.toString());
        assertThat(finished(taken.id())).isEqualTo("error_making_callback_request");
    }

    @Test
    void one_call_for_each_record_and_none_of_them_has_a_body_where_the_program_gives_nothing() throws Exception {
        ObjectNode whole =
                withCallback(envelope("1000000001", "1000000002"), callback -> callback.put("callInBulk", false));
        request(whole).put("outputFormat", "select(.input.vid == \"1000000001\") | {ref: .input.ref}");
        post("/authtoken/json", whole.toString());
        assertThat(received.poll(5, TimeUnit.SECONDS)).contains("r-1000000001");
        assertThat(received.poll(5, TimeUnit.SECONDS)).isEqualTo("Bearer t0ken null ");
    }

    @Test
    void unknown_ids_addresses_and_verbs_are_told() throws Exception {
        assertThat(get("/authtoken/status/none").code()).isEqualTo("ATS-REQ-016");
        assertThat(get("/authtoken/nowhere").text()).isEqualTo("{\"detail\":\"Not Found\"}");
        assertThat(get("/authtoken/json").status()).isEqualTo(405);
        assertThat(get("/ping").text()).isEqualTo("\"[0 - 0] pong\"");
        assertThat(get("/authtoken/authfields").body().path("response").path("authfields"))
                .hasSize(7);
        assertThat(post("/authtoken/json", "").message()).isEqualTo("invalid input. missing request body");
        assertThat(post("/authtoken/json", "{").status()).isEqualTo(422);
    }

    @Test
    void the_file_may_come_after_the_status_and_a_restart_forgets_everything() throws Exception {
        seeder.misbehave("race", "60000");
        Answer taken = post("/authtoken/json", envelope("1000000001").toString());
        assertThat(finished(taken.id())).isEqualTo("processed");
        assertThat(get("/authtoken/file/" + taken.id()).status()).isEqualTo(500);
        seeder.restart();
        assertThat(get("/authtoken/status/" + taken.id()).status()).isEqualTo(404);
    }

    @Test
    void a_table_is_taken_with_its_request() throws Exception {
        ObjectNode whole = envelope();
        request(whole).remove("authdata");
        request(whole).put("output", "csv");
        String table =
                "ref,vid,given_name,birthdate,gender,address\nr1,1000000001,\"Asha, D\",1976/01/01,Female,12 Main St\nr2,9\n";
        String body = "--b\r\nContent-Disposition: form-data; name=\"request\"\r\n\r\n" + whole
                + "\r\n--b\r\nContent-Disposition: form-data; name=\"csv_file\"; filename=\"x.csv\"\r\n\r\n" + table
                + "\r\n--b--\r\n";
        Answer taken = call(HttpRequest.newBuilder(URI.create(seeder.url() + "/authtoken/csv"))
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(taken.status()).isEqualTo(200);
        finished(taken.id());
        assertThat(get("/authtoken/file/" + taken.id()).text())
                .startsWith("ref,status,token,code\r\nr1,processed,")
                .contains("r2,invalid,,ATS-REQ-010");
    }
}
