package org.annona.server;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.apache.catalina.util.NetMaskSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses settings with which passwords would cross a network in clear, or nobody could come in. */
final class ExposureRules {

    private static final Logger LOG = LoggerFactory.getLogger(ExposureRules.class);

    private ExposureRules() {}

    static void check(Settings settings) {
        URI address = publicAddress(settings);
        NetMaskSet proxies = proxies(settings);
        boolean open = !isLoopback(settings.address());
        if (open && !settings.secureCookies()) {
            if (!settings.standing().development()) {
                throw new Refusal(
                        "ANNONA_ADDRESS is " + settings.address()
                                + ", so passwords and personal data would cross the network in clear. Put a proxy with TLS in"
                                + " front and set ANNONA_HTTPS=true; or, only with data of nobody, set ANNONA_DEVELOPMENT=true.");
            }
            LOG.warn(
                    "Annona listens on {} without encryption; whoever is on the network reads passwords and personal data.",
                    settings.address());
        }
        if (settings.secureCookies() && !"https".equalsIgnoreCase(address.getScheme())) {
            throw new Refusal("ANNONA_HTTPS is set and ANNONA_PUBLIC_URL is " + address
                    + ". Set it to the https address under which users and partners reach this installation; requests"
                    + " under any other name are refused.");
        }
        if (settings.secureCookies() && proxies.isEmpty()) {
            LOG.warn("ANNONA_PROXY is not set, so every user seems to come from the address of the proxy. Set it to the"
                    + " addresses of the proxy.");
        }
    }

    /** With port 0 the port is not known yet, and nothing here asks for it. */
    static URI publicAddress(Settings settings) {
        String text = settings.publicAddress(settings.port());
        try {
            URI address = URI.create(text);
            if (address.getHost() != null && address.getScheme() != null) {
                return address;
            }
        } catch (IllegalArgumentException unreadable) {
            // Told below.
        }
        throw new Refusal("ANNONA_PUBLIC_URL is '" + text + "'. It looks like https://annona.example.gov.");
    }

    static NetMaskSet proxies(Settings settings) {
        NetMaskSet proxies = new NetMaskSet();
        for (String one : settings.guards().proxies()) {
            try {
                proxies.add(one);
            } catch (IllegalArgumentException unreadable) {
                throw new Refusal("ANNONA_PROXY names '" + one
                        + "', which is no address. Use addresses or networks such as 10.1.2.3 or 10.1.2.0/24, with commas"
                        + " between.");
            }
        }
        return proxies;
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            throw new Refusal("ANNONA_ADDRESS is '" + address + "', which is no address of this machine.");
        }
    }
}
