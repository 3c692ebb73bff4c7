package org.annona.interop.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses of a partner may be called: over https, at a host that was agreed with the partner, and only where that
 * host lies in the public network, so that nobody can make us call our own services (DCI reference R12.18).
 */
public final class AddressRules {

    private static final int LONGEST = 2_000;
    private static final int LARGEST_PORT = 65_535;
    private static final int FIRST_OF_CLASS_E = 240;

    private final Set<String> hosts;
    private final Set<String> trusted;
    private final boolean development;

    private AddressRules(Set<String> hosts, Set<String> trusted, boolean development) {
        this.hosts = lower(hosts);
        this.trusted = lower(trusted);
        this.development = development;
    }

    /** @param hosts by name; none of them means that no address is allowed */
    public static AddressRules hosts(Set<String> hosts) {
        return new AddressRules(hosts, Set.of(), false);
    }

    /**
     * For services that whoever operates the installation named: some of them lie in its own network.
     *
     * @param trusted may also be reached over http and at addresses that are not public
     */
    public static AddressRules hosts(Set<String> hosts, Set<String> trusted) {
        return new AddressRules(hosts, trusted, false);
    }

    private static Set<String> lower(Set<String> hosts) {
        return hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    private boolean isTrusted(@Nullable String host) {
        return development || host != null && trusted.contains(host.toLowerCase(Locale.ROOT));
    }

    /** Also http, local addresses and every host: for a partner on the same machine while developing. */
    public static AddressRules forDevelopment() {
        return new AddressRules(Set.of(), Set.of(), true);
    }

    /**
     * The address, where its form and its host are allowed; where the host lies is checked when it is called.
     *
     * @throws ForbiddenAddress with the reason
     */
    public URI allowed(String address) throws ForbiddenAddress {
        if (address.length() > LONGEST) {
            throw new ForbiddenAddress("the address is longer than " + LONGEST + " characters");
        }
        URI uri;
        try {
            uri = new URI(address).parseServerAuthority();
        } catch (URISyntaxException malformed) {
            throw new ForbiddenAddress("the address is malformed");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !(isTrusted(uri.getHost()) && scheme.equals("http"))) {
            throw new ForbiddenAddress("the address has to begin with https://");
        }
        if (uri.getPort() == 0 || uri.getPort() > LARGEST_PORT) {
            throw new ForbiddenAddress("the address names a port that cannot be");
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new ForbiddenAddress("the address has to name a host, and neither a user nor a fragment");
        }
        if (!isTrusted(uri.getHost()) && !hosts.contains(uri.getHost().toLowerCase(Locale.ROOT))) {
            throw new ForbiddenAddress("the host of the address is not agreed with this partner");
        }
        return uri;
    }

    /** Where the host lies; all its addresses have to be public ones, because any of them may be called. */
    InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = InetAddress.getAllByName(host);
        if (!isTrusted(host)) {
            for (InetAddress address : addresses) {
                if (!isPublic(address)) {
                    throw new UnknownHostException("the host lies in a network that is not called");
                }
            }
        }
        return addresses;
    }

    /**
     * Neither in one of RFC 6890's special networks, nor with an IPv4 address inside (RFC 6052, 3056, 4380), nor where a large
     * cloud keeps the metadata of its machines (168.63.129.16).
     */
    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xFF;
        int second = bytes[1] & 0xFF;
        int third = bytes[2] & 0xFF;
        if (address instanceof Inet4Address) {
            return first != 0
                    && first < FIRST_OF_CLASS_E
                    && !(first == 100 && second >= 64 && second < 128)
                    && !(first == 192 && second == 0 && (third == 0 || third == 2))
                    && !(first == 192 && second == 88 && third == 99)
                    && !(first == 168 && second == 63 && third == 129)
                    && !(first == 198 && (second == 18 || second == 19))
                    && !(first == 198 && second == 51 && third == 100)
                    && !(first == 203 && second == 0 && third == 113);
        }
        // Only 2000::/3 is given out; without 2001:0000::/23 (protocols), 2001:db8::/32 (documents), 2002::/16 (6to4).
        boolean given = (first & 0xE0) == 0x20;
        boolean protocols = first == 0x20 && second == 0x01 && third <= 0x01;
        boolean documents = first == 0x20 && second == 0x01 && third == 0x0D && (bytes[3] & 0xFF) == 0xB8;
        boolean newerDocuments = first == 0x3F && second == 0xFF && third < 0x10;
        boolean sixToFour = first == 0x20 && second == 0x02;
        return given && !protocols && !documents && !newerDocuments && !sixToFour;
    }
}
