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

/** Gives controllers the actor of the request, with the roles the user has at this moment. */
public final class ActorResolver implements HandlerMethodArgumentResolver {

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
        Principal principal = request == null ? null : request.getUserPrincipal();
        UserAccount user = principal == null
                ? null
                : users.find(principal.getName()).filter(UserAccount::enabled).orElse(null);
        if (user == null) {
            throw Problem.of(AccessProblem.LOGIN_REFUSED);
        }
        return user.actor();
    }
}
