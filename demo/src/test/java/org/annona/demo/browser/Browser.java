package org.annona.demo.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.options.Cookie;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.annona.access.Role;
import org.annona.demo.DemoUsers;
import org.annona.demo.ServerWorld;
import org.junit.jupiter.api.Assumptions;

/** A real Chromium in which a test is a person who has logged in; anything that the page complains about is kept. */
public final class Browser implements AutoCloseable {

    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser browser;
    private final ServerWorld world;
    private final List<String> complaints = new ArrayList<>();

    private Browser(ServerWorld world, String executable) {
        this.world = world;
        this.playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        this.browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of(executable))
                        .setArgs(FLAGS));
    }

    /** Skips the test where this machine has no Chromium; a failure where CI is true. */
    public static Browser open(ServerWorld world) {
        Optional<String> chromium = chromium();
        if (chromium.isEmpty() && "true".equals(System.getenv("CI"))) {
            throw new AssertionError("no Chromium was found, and CI=true wants the tests in a browser");
        }
        Assumptions.assumeTrue(chromium.isPresent(), "no Chromium was found; set ANNONA_CHROMIUM or install it");
        return new Browser(world, chromium.get());
    }

    private static Optional<String> chromium() {
        String named = System.getenv().getOrDefault("ANNONA_CHROMIUM", "");
        Stream<String> onPath = Stream.of(System.getenv("PATH").split(":"))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> folder + "/" + name));
        return Stream.concat(Stream.of(named), onPath)
                .filter(path -> !path.isEmpty() && Files.isExecutable(Path.of(path)))
                .findFirst();
    }

    /** A page in a session of its own, where nobody has logged in. */
    Page stranger() {
        BrowserContext context = browser.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                .setBaseURL(world.server.url())
                .setViewportSize(1280, 900));
        Page page = context.newPage();
        page.setDefaultTimeout(15_000);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(page.url() + ": " + message.text());
            }
        });
        page.onPageError(error -> complaints.add(page.url() + ": " + error));
        return page;
    }

    /** The session of somebody who has logged in elsewhere. */
    public Page withSession(Map<String, String> cookies) {
        Page page = stranger();
        page.context()
                .addCookies(cookies.entrySet().stream()
                        .map(one -> new Cookie(one.getKey(), one.getValue()).setUrl(world.server.url()))
                        .toList());
        return page;
    }

    Page loggedIn(Role role) {
        Page page = stranger();
        page.navigate("/login");
        page.fill("#name", DemoUsers.name(role));
        page.fill("#password", world.users.password(role));
        page.click("button[type=submit]");
        page.waitForURL(world.server.url() + "/");
        return page;
    }

    /** Errors of scripts, refused resources, violations of the content security policy. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** A page that shows a job loads itself anew when the job ends, perhaps at this very moment; the one or the other is enough. */
    static void reload(Page page) {
        try {
            page.reload();
        } catch (PlaywrightException overtaken) {
            if (!String.valueOf(overtaken.getMessage()).contains("ERR_ABORTED")) {
                throw overtaken;
            }
            page.waitForLoadState();
        }
    }

    /** For people who want to look; with ANNONA_SCREENSHOTS=true they are in the folder target/screenshots. */
    static void screenshot(Page page, String name) {
        if (!"true".equals(System.getenv("ANNONA_SCREENSHOTS"))) {
            return;
        }
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "screenshots", name + ".png"))
                .setFullPage(true));
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
