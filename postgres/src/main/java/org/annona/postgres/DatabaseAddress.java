package org.annona.postgres;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Where the database is and who may set it up.
 *
 * @param adminUser a role that may create roles and own the database; used for set-up only, never by the application
 * @param query further settings of the driver such as {@code sslmode=verify-full}, or an empty text
 */
public record DatabaseAddress(
        String host, int port, String database, String adminUser, String adminPassword, String query) {

    /** Reads {@code postgresql://user:password@host:port/database?sslmode=...}, with or without {@code jdbc:} in front. */
    public static DatabaseAddress parse(String url) {
        String plain = url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url;
        try {
            URI uri = new URI(plain);
            boolean known = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
            String path = uri.getPath();
            String userInfo = uri.getRawUserInfo();
            if (!known || uri.getHost() == null || path == null || path.length() < 2 || userInfo == null) {
                throw unreadable();
            }
            String[] login = userInfo.split(":", 2);
            return new DatabaseAddress(
                    uri.getHost(),
                    uri.getPort() < 0 ? 5432 : uri.getPort(),
                    path.substring(1),
                    decode(login[0]),
                    login.length > 1 ? decode(login[1]) : "",
                    uri.getRawQuery() == null ? "" : uri.getRawQuery());
        } catch (URISyntaxException malformed) {
            throw unreadable();
        }
    }

    private static DatabaseUnavailable unreadable() {
        return new DatabaseUnavailable("ANNONA_DATABASE_URL cannot be read. Write it as"
                + " postgresql://user:password@host:5432/database, where the user may create roles.");
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database + (query.isEmpty() ? "" : "?" + query);
    }

    public DatabaseAddress withDatabase(String other) {
        return new DatabaseAddress(host, port, other, adminUser, adminPassword, query);
    }

    public Connection connect(String user, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("ApplicationName", "annona set-up");
        return DriverManager.getConnection(jdbcUrl(), properties);
    }

    public Connection connectAsAdmin() throws SQLException {
        return connect(adminUser, adminPassword);
    }

    @Override
    public String toString() {
        return host + ":" + port + "/" + database;
    }
}
