package org.annona.tokens;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.JobRunner;
import org.annona.foundation.job.Work;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The application with its jobs, started once for all tests. What recurs is done when a test says so. */
final class RunningTokens {

    private static final JobRunner.Settings OFTEN =
            new JobRunner.Settings(6, Duration.ofMillis(15), Duration.ofSeconds(2));

    private final ConfigurableApplicationContext context;

    private RunningTokens() {
        context = new SpringApplicationBuilder(TokensApplication.class)
                .web(WebApplicationType.SERVLET)
                .registerShutdownHook(false)
                .properties(Map.of("server.address", "127.0.0.1", "server.port", "0", "spring.main.banner-mode", "off"))
                .run();
        List<Work> works = context.getBeanProvider(Work.class).stream().toList();
        JobRunner runner =
                new JobRunner(context.getBean("foundationDatabase", Database.class), works, List.of(), OFTEN);
        runner.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            runner.close();
            context.close();
        }));
    }

    private static final class Holder {
        private static final RunningTokens RUNNING = new RunningTokens();
    }

    static RunningTokens shared() {
        return Holder.RUNNING;
    }

    <T> T part(Class<T> type) {
        return context.getBean(type);
    }

    <T> List<T> parts(Class<T> type) {
        return context.getBeanProvider(type).stream().toList();
    }
}
