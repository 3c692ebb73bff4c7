package org.annona.console;

import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** A sentence that the next page shows once. */
public final class Notice {

    private Notice() {}

    public static void good(RedirectAttributes redirect, String sentence) {
        redirect.addFlashAttribute("notice", sentence);
    }
}
