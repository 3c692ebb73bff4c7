package org.annona.console;

import java.util.HashMap;
import java.util.Map;
import org.annona.foundation.text.Texts;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** A sentence that the next page shows once. */
public final class Notice {

    private Notice() {}

    public static void good(RedirectAttributes redirect, String sentence) {
        redirect.addFlashAttribute("notice", sentence);
    }

    /** @param arguments name, value, name, value ... for the places of a text of the console */
    public static void say(RedirectAttributes redirect, String key, Object... arguments) {
        Map<String, Object> places = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            places.put((String) arguments[i], arguments[i + 1]);
        }
        good(redirect, Texts.of("console").say(key, places));
    }
}
