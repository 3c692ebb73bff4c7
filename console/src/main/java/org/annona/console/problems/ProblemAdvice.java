package org.annona.console.problems;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.access.ActorResolver;
import org.annona.access.Roles;
import org.annona.console.PageBefore;
import org.annona.console.PageModel;
import org.annona.console.ProblemView;
import org.annona.foundation.database.Sqlstate;
import org.annona.foundation.problem.FoundationProblem;
import org.annona.foundation.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.ui.ExtendedModelMap;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.RequestContextUtils;

/**
 * Shows every refusal the same way: programs get RFC 9457 problem details, people a page with the sentence and the remedy.
 * A person whose form was refused is sent back to the page of the form, which shows it on top.
 */
@ControllerAdvice
public final class ProblemAdvice {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    private final PageModel pages;
    private final ActorResolver actors;
    private final Roles roles;

    public ProblemAdvice(PageModel pages, ActorResolver actors, Roles roles) {
        this.roles = roles;
        this.pages = pages;
        this.actors = actors;
    }

    @ExceptionHandler
    Object refused(Problem problem, HttpServletRequest request, HttpServletResponse response) {
        return answer(roles.explained(problem), request, response);
    }

    /** A form with a file that was sent as a form without one, or broke off. */
    @ExceptionHandler
    Object noFile(MultipartException failure, HttpServletRequest request, HttpServletResponse response) {
        return answer(
                Problem.of(
                        FoundationProblem.INVALID_INPUT,
                        "field",
                        "File",
                        "reason",
                        "it is missing, or did not arrive whole"),
                request,
                response);
    }

    @ExceptionHandler
    Object tooLarge(MaxUploadSizeExceededException failure, HttpServletRequest request, HttpServletResponse response) {
        return answer(
                Problem.of(
                        FoundationProblem.INVALID_INPUT,
                        "field",
                        "File",
                        "reason",
                        "it is larger than this server takes (1 GB); split it"),
                request,
                response);
    }

    /** A part of the address that cannot be an id names nothing; a parameter that cannot be read is a wrong input. */
    @ExceptionHandler
    Object unreadable(
            MethodArgumentTypeMismatchException failure, HttpServletRequest request, HttpServletResponse response) {
        boolean ofAddress = failure.getParameter().hasParameterAnnotation(PathVariable.class);
        return answer(
                ofAddress
                        ? Problem.of(FoundationProblem.NOT_FOUND, "what", "page")
                        : Problem.of(
                                FoundationProblem.INVALID_INPUT,
                                "field",
                                failure.getName(),
                                "reason",
                                "'" + failure.getValue() + "' cannot be read"),
                request,
                response);
    }

    @ExceptionHandler
    Object failed(Exception failure, HttpServletRequest request, HttpServletResponse response) throws Exception {
        if (failure instanceof ErrorResponse known) {
            return answer(ofFramework(known), request, response);
        }
        Problem problem = Sqlstate.problemOf(failure);
        if (problem == null) {
            String reference = UUID.randomUUID().toString().substring(0, 8);
            LOG.error(
                    "request {} {} failed, reference {}",
                    request.getMethod(),
                    request.getRequestURI(),
                    reference,
                    failure);
            problem = Problem.of(FoundationProblem.UNEXPECTED, "reference", reference);
        }
        return answer(problem, request, response);
    }

    private static Problem ofFramework(ErrorResponse known) {
        if (known.getStatusCode().value() == HttpStatus.NOT_FOUND.value()) {
            return Problem.of(FoundationProblem.NOT_FOUND, "what", "page");
        }
        return Problem.of(
                FoundationProblem.INVALID_INPUT,
                "field",
                "Request",
                "reason",
                String.valueOf(known.getBody().getDetail()));
    }

    private Object answer(Problem problem, HttpServletRequest request, HttpServletResponse response) {
        if (!wantsPage(request)) {
            return detail(problem);
        }
        String back = PageBefore.of(request);
        if (back != null && HttpMethod.POST.matches(request.getMethod())) {
            var flash = RequestContextUtils.getOutputFlashMap(request);
            flash.put("problem", ProblemView.of(problem));
            response.setHeader("X-Annona-Problem", problem.code().code());
            return new ModelAndView("redirect:" + back);
        }
        return page(problem, request, back);
    }

    private ModelAndView page(Problem problem, HttpServletRequest request, @Nullable String back) {
        ExtendedModelMap model = new ExtendedModelMap();
        Actor actor = null;
        try {
            actor = request.getUserPrincipal() == null ? null : actors.actorOf(request);
        } catch (RuntimeException databaseDown) {
            LOG.debug("the actor could not be read for the problem page", databaseDown);
        }
        pages.fill(model, actor, request);
        model.addAttribute("problem", ProblemView.of(problem));
        model.addAttribute("back", back == null ? "/" : back);
        return new ModelAndView(
                "console/problem", model, HttpStatus.valueOf(problem.code().status()));
    }

    private static ResponseEntity<ProblemDetail> detail(Problem problem) {
        ProblemDetail detail = ProblemDetail.forStatus(problem.code().status());
        detail.setType(URI.create("/help/problems#" + problem.code().code()));
        detail.setTitle(problem.sentence());
        detail.setDetail(problem.remedy());
        detail.setProperties(Map.of(
                "code", problem.code().code(), "retryable", problem.code().retryable()));
        return ResponseEntity.status(problem.code().status())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(detail);
    }

    private static boolean wantsPage(HttpServletRequest request) {
        return !request.getRequestURI().startsWith("/api/")
                && String.valueOf(request.getHeader("Accept")).contains("text/html");
    }
}
