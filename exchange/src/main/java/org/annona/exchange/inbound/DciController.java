package org.annona.exchange.inbound;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.annona.exchange.ExchangeSettings;
import org.annona.exchange.keys.OurKeys;
import org.annona.exchange.operation.Dialect;
import org.annona.exchange.token.TokenMetadata;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import tools.jackson.databind.json.JsonMapper;

/** The addresses of our DCI servers. Every request is answered in the shapes of the standard. */
@Controller
public final class DciController {

    private static final String BASE = "/dci/";
    private static final String G2P_CONNECT = "/g2p-connect";
    private static final String SOCIAL_REGISTRY = "sr";

    private final InboundMessages messages;
    private final OurKeys keys;
    private final ExchangeSettings settings;

    public DciController(InboundMessages messages, OurKeys keys, ExchangeSettings settings) {
        this.messages = messages;
        this.keys = keys;
        this.settings = settings;
    }

    @RequestMapping("/dci/**")
    void receive(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String whole =
                request.getRequestURI().substring(request.getContextPath().length());
        String path = whole.length() < BASE.length() ? "" : whole.substring(BASE.length());
        int end = path.indexOf('/');
        receive(
                request,
                response,
                Dialect.DCI,
                end < 0 ? path : path.substring(0, end),
                end < 0 ? "" : path.substring(end));
    }

    /** Where importers of deployed systems ask (reference "Import from external social registries", section 4). */
    @RequestMapping({"/g2p-connect/registry/**", "/api/v1/g2p-connect/registry/**"})
    void receiveOfG2pConnect(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getRequestURI();
        receive(
                request,
                response,
                Dialect.G2P_CONNECT,
                SOCIAL_REGISTRY,
                path.substring(path.indexOf(G2P_CONNECT) + G2P_CONNECT.length()));
    }

    private void receive(
            HttpServletRequest request, HttpServletResponse response, Dialect dialect, String registry, String path)
            throws IOException {
        Response answer = messages.receive(new Call(
                request.getMethod(),
                registry,
                path,
                dialect,
                request.getContentType(),
                request.getHeader("Authorization"),
                request.getHeader("Signature"),
                request.getContentLengthLong(),
                request.getInputStream(),
                () -> parts(request)));
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        write(response, answer.body());
    }

    private static Map<String, byte[]> parts(HttpServletRequest request) throws IOException {
        Map<String, byte[]> parts = new HashMap<>();
        try {
            for (Part part : request.getParts()) {
                if (parts.put(part.getName(), part.getInputStream().readAllBytes()) != null) {
                    throw new IOException("a part comes twice");
                }
            }
        } catch (ServletException | IllegalStateException noForm) {
            throw new IOException(noForm);
        }
        return parts;
    }

    /** Some partners test their connection like this. */
    @GetMapping("/dci/{registry}/health")
    void health(@PathVariable String registry, HttpServletResponse response) throws IOException {
        boolean served = messages.served().stream().anyMatch(one -> one.prefix().equals(registry));
        response.setStatus(served ? HttpServletResponse.SC_OK : HttpServletResponse.SC_NOT_FOUND);
        write(response, (served ? "{\"status\":\"ok\"}" : "{\"status\":\"unknown\"}").getBytes(StandardCharsets.UTF_8));
    }

    @GetMapping("/.well-known/jwks.json")
    void keys(HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "public, max-age=300");
        write(response, JsonMapper.shared().writeValueAsBytes(keys.published()));
    }

    @GetMapping("/.well-known/oauth-authorization-server")
    void metadata(HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "public, max-age=300");
        write(response, JsonMapper.shared().writeValueAsBytes(TokenMetadata.of(settings)));
    }

    private static void write(HttpServletResponse response, byte[] body) throws IOException {
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
