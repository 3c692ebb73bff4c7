package org.annona.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.util.Map;
import org.annona.foundation.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Gives controllers the actor of the request, with the roles that the user has when the request begins, in the organisation that the
 * user chose in this session. A choice that the user has no role in any more counts for nothing.
 */
public final class ActorResolver implements HandlerMethodArgumentResolver {

    /** Of the request, so that it is looked up once. */
    private static final String KNOWN = ActorResolver.class.getName();
    /** Of the session: for which organisation the user acts. */
    private static final String CHOSEN = ActorResolver.class.getName() + ".organisation";

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

    /** For which the user may act, by their names. */
    public Map<Short, String> organisationsOf(HttpServletRequest request) {
        Known known = known(request);
        return known == null ? Map.of() : known.account().organisations();
    }

    /** From now on the user acts for this organisation, in this session. */
    public void actFor(HttpServletRequest request, short organisation) {
        if (!organisationsOf(request).containsKey(organisation)) {
            throw Problem.of(AccessProblem.NOT_ACTING);
        }
        request.getSession().setAttribute(CHOSEN, organisation);
        request.removeAttribute(KNOWN);
    }

    /** Null where nobody is logged in, or the user was disabled meanwhile. */
    @Nullable
    Actor actorIfAny(HttpServletRequest request) {
        Known known = known(request);
        return known == null ? null : known.actor();
    }

    private @Nullable Known known(HttpServletRequest request) {
        if (request.getAttribute(KNOWN) instanceof Known before) {
            return before;
        }
        Principal principal = request.getUserPrincipal();
        Known known = principal == null
                ? null
                : users.find(principal.getName())
                        .filter(UserAccount::enabled)
                        .map(account -> new Known(account, account.actor(chosen(request))))
                        .orElse(null);
        if (known != null) {
            request.setAttribute(KNOWN, known);
        }
        return known;
    }

    private static @Nullable Short chosen(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session != null && session.getAttribute(CHOSEN) instanceof Short organisation ? organisation : null;
    }

    private record Known(UserAccount account, Actor actor) {}
}
