package org.annona.demo.crawl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.annona.demo.ServerWorld;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;

/** Every address that a controller of pages answers, as the server itself knows them. */
final class SiteMap {

    /** Of machines, and of the health of the process. */
    private static final List<String> NOT_FOR_USERS =
            List.of("/dci", "/.well-known", "/g2p-connect", "/api", "/tokens/answers", "/health", "/error");

    private final List<Handler> handlers = new ArrayList<>();

    record Handler(RequestMethod method, PathPattern pattern) {

        @Override
        public String toString() {
            return method + " " + pattern.getPatternString();
        }
    }

    SiteMap(ServerWorld world) {
        RequestMappingHandlerMapping mapping =
                world.server.part("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
        mapping.getHandlerMethods().forEach((info, method) -> {
            boolean pages = method.getBeanType().isAnnotationPresent(Controller.class);
            if (pages && info.getPathPatternsCondition() != null) {
                info.getPathPatternsCondition().getPatterns().stream()
                        .filter(pattern -> NOT_FOR_USERS.stream()
                                .noneMatch(begin -> pattern.getPatternString().startsWith(begin)))
                        .forEach(pattern -> methods(info.getMethodsCondition().getMethods())
                                .forEach(verb -> handlers.add(new Handler(verb, pattern))));
            }
        });
    }

    private static Set<RequestMethod> methods(Set<RequestMethod> told) {
        return told.isEmpty() ? Set.of(RequestMethod.GET) : told;
    }

    List<Handler> all(RequestMethod method) {
        return handlers.stream().filter(one -> one.method() == method).toList();
    }

    /** The most particular one that answers this path. */
    Optional<Handler> of(RequestMethod method, String path) {
        PathContainer container = PathContainer.parsePath(path.replaceAll("\\?.*", ""));
        return handlers.stream()
                .filter(one -> one.method() == method && one.pattern().matches(container))
                .min((one, other) -> PathPattern.SPECIFICITY_COMPARATOR.compare(one.pattern(), other.pattern()));
    }
}
