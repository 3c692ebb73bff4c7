package org.annona.server.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.annona.access.AccessProblem;
import org.annona.access.BareRefusal;
import org.annona.foundation.problem.Problem;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.util.NetMaskSet;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;

/**
 * Answers only under the address of this installation, so that no page leads to a host that a stranger chose. Who asks for a
 * request, and under which name, is believed of our own proxies only; from anybody else the headers that say so count for nothing.
 */
public final class PublicAddress extends ValveBase {

    /** Asked by address, by what looks whether this server lives. */
    private static final String HEALTH = "/health";

    private final URI address;
    private final NetMaskSet proxies;
    private final boolean https;
    private final boolean development;

    /**
     * @param address under which users and partners reach this installation
     * @param https a proxy of ours speaks HTTPS with everybody
     * @param development any numeric address will do
     */
    public PublicAddress(URI address, NetMaskSet proxies, boolean https, boolean development) {
        super(true);
        this.address = address;
        this.proxies = proxies;
        this.https = https;
        this.development = development;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        String peer = request.getRemoteAddr();
        String host = request.getServerName();
        if (isProxy(peer)) {
            request.setRemoteAddr(askedBy(peer, listed(request, "X-Forwarded-For")));
            List<String> hosts = listed(request, "X-Forwarded-Host");
            host = hosts.isEmpty() ? host : withoutPort(hosts.getLast());
        }
        if (https) {
            request.setSecure(true);
            request.getCoyoteRequest().scheme().setString("https");
            request.getCoyoteRequest().setServerPort(address.getPort() < 0 ? 443 : address.getPort());
        }
        if (!isOurs(host, peer) && !HEALTH.equals(request.getDecodedRequestURI())) {
            BareRefusal.write(request, response, Problem.of(AccessProblem.HOST_UNKNOWN, "address", address));
            return;
        }
        getNext().invoke(request, response);
    }

    private boolean isProxy(@Nullable String peer) {
        return peer != null && literal(peer).map(proxies::contains).orElse(false);
    }

    /** Each proxy puts the address it was asked from behind those before, which anybody may have written. */
    private String askedBy(String peer, List<String> chain) {
        String nearest = peer;
        for (String one : chain.reversed()) {
            Optional<InetAddress> read = literal(withoutPort(one));
            if (read.isEmpty()) {
                return nearest;
            }
            nearest = read.get().getHostAddress();
            if (!proxies.contains(read.get())) {
                return nearest;
            }
        }
        return nearest;
    }

    private static List<String> listed(Request request, String header) {
        Enumeration<String> values = request.getHeaders(header);
        List<String> all = new ArrayList<>();
        for (String value : values == null ? List.<String>of() : Collections.list(values)) {
            for (String one : value.split(",")) {
                if (!one.isBlank()) {
                    all.add(one.strip());
                }
            }
        }
        return all;
    }

    private boolean isOurs(@Nullable String named, @Nullable String peer) {
        if (named == null) {
            return false;
        }
        String host = bare(named);
        if (host.equals(bare(address.getHost()))) {
            return true;
        }
        Optional<InetAddress> numeric = literal(host);
        boolean local = host.equals("localhost")
                || numeric.map(InetAddress::isLoopbackAddress).orElse(false);
        boolean fromHere = peer != null
                && literal(peer).map(InetAddress::isLoopbackAddress).orElse(false);
        return (local && fromHere) || (development && numeric.isPresent());
    }

    private static String bare(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        String open = lower.startsWith("[") && lower.endsWith("]") ? lower.substring(1, lower.length() - 1) : lower;
        return open.endsWith(".") ? open.substring(0, open.length() - 1) : open;
    }

    private static String withoutPort(String host) {
        if (host.startsWith("[")) {
            return host.substring(1, Math.max(1, host.indexOf(']')));
        }
        int colon = host.indexOf(':');
        // More than one colon is an address of version 6.
        return colon >= 0 && colon == host.lastIndexOf(':') ? host.substring(0, colon) : host;
    }

    /** Never asks for a name. */
    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }
}
