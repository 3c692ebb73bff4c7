package org.annona.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** A server that answers on its port and does jobs. */
public final class RunningServer implements AutoCloseable {

    private final ConfigurableApplicationContext context;
    private final Settings settings;

    private RunningServer(ConfigurableApplicationContext context, Settings settings) {
        this.context = context;
        this.settings = settings;
    }

    public static RunningServer start(Settings settings, Installation installation) {
        return start(settings, installation, beans -> {});
    }

    /** @param more adds beans to those of the blocks */
    public static RunningServer start(
            Settings settings, Installation installation, Consumer<GenericApplicationContext> more) {
        ExposureRules.check(settings);
        refuseTakenPort(settings);
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("server.address", settings.address());
        properties.put("server.port", settings.port());
        properties.put(
                "spring.servlet.multipart.location",
                settings.dataFolder().resolve("uploads").toString());
        settings.dataFolder().resolve("uploads").toFile().mkdirs();
        ConfigurableApplicationContext context = new SpringApplicationBuilder(
                        sources(settings.standing().topology()))
                .web(WebApplicationType.SERVLET)
                .registerShutdownHook(false)
                .initializers(empty -> {
                    GenericApplicationContext beans = (GenericApplicationContext) empty;
                    beans.registerBean(Settings.class, () -> settings);
                    beans.registerBean(Installation.class, () -> installation, bean -> bean.setDestroyMethodName(null));
                    more.accept(beans);
                })
                .properties(properties)
                .run();
        return new RunningServer(context, settings);
    }

    private static Class<?>[] sources(Settings.Topology topology) {
        List<Class<?>> sources = new ArrayList<>(List.of(Application.class));
        if (topology.hasRegistry()) {
            sources.add(LocalRegistry.class);
            sources.add(LocalTokens.class);
        }
        if (topology.hasProgrammes()) {
            sources.add(LocalPrograms.class);
            sources.add(topology.hasRegistry() ? LocalRegistryWiring.class : RemoteRegistryWiring.class);
        } else {
            sources.add(RegistryAlone.class);
        }
        return sources.toArray(Class<?>[]::new);
    }

    /** Before anything is started, because the message of a web server about it is not for people. */
    private static void refuseTakenPort(Settings settings) {
        if (settings.port() == 0) {
            return;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(settings.address()), settings.port()));
        } catch (IOException taken) {
            throw new Refusal("Port " + settings.port() + " of " + settings.address()
                    + " is taken by another program. Stop that one, or choose another port with --port (0 for any free"
                    + " one).");
        }
    }

    public Settings settings() {
        return settings;
    }

    public <T> T part(Class<T> type) {
        return context.getBean(type);
    }

    public <T> T part(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    public int port() {
        return Integer.parseInt(Objects.requireNonNull(context.getEnvironment().getProperty("local.server.port")));
    }

    public String url() {
        String host = settings.address().equals("0.0.0.0") ? "127.0.0.1" : settings.address();
        return "http://" + host + ":" + port();
    }

    @Override
    public void close() {
        context.close();
    }
}
