package org.annona.access;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import org.annona.foundation.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Gives controllers the actor of the request, with the roles that the user has when the request begins. */
public final class ActorResolver implements HandlerMethodArgumentResolver {

    /** Of the request, so that it is looked up once. */
    private static final String ACTOR = ActorResolver.class.getName();

    private final Users users;

    ActorResolver(Users users) {
        this.users = users;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Actor.class;
    }

    @Override
    public Actor resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        return actorOf(request.getNativeRequest(HttpServletRequest.class));
    }

    public Actor actorOf(@Nullable HttpServletRequest request) {
        Actor actor = request == null ? null : actorIfAny(request);
        if (actor == null) {
            throw Problem.of(AccessProblem.LOGIN_REFUSED);
        }
        return actor;
    }

    /** Null where nobody is logged in, or the user was disabled meanwhile. */
    @Nullable
    Actor actorIfAny(HttpServletRequest request) {
        if (request.getAttribute(ACTOR) instanceof Actor known) {
            return known;
        }
        Principal principal = request.getUserPrincipal();
        Actor actor = principal == null
                ? null
                : users.find(principal.getName())
                        .filter(UserAccount::enabled)
                        .map(UserAccount::actor)
                        .orElse(null);
        if (actor != null) {
            request.setAttribute(ACTOR, actor);
        }
        return actor;
    }
}
