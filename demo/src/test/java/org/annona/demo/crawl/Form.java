package org.annona.demo.crawl;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jsoup.nodes.Element;

/** A form that changes something, as it stands on a page. */
record Form(String page, String action, List<Field> fields) {

    private static final String NONSENSE = "\u2603 <script>alert('x')</script> \u0661\u0662\u0663 -1e99 %00 '\";-- ";

    enum Kind {
        HIDDEN,
        TEXT,
        CHOICE,
        TICK,
        FILE
    }

    record Field(String name, String value, Kind kind) {

        Field with(String other) {
            return new Field(name, other, kind);
        }

        boolean isFile() {
            return kind == Kind.FILE;
        }

        boolean isTokenOfTheSession() {
            return name.equals("_csrf");
        }
    }

    /** Those that are sent by POST. */
    static List<Form> on(Visited visited) {
        List<Form> forms = new ArrayList<>();
        for (Element form : visited.page().select("form")) {
            // A form without a button only shows values.
            if (form.attr("method").equalsIgnoreCase("post")
                    && form.selectFirst("button, input[type=submit]") != null) {
                URI action = URI.create(form.absUrl("action"));
                forms.add(new Form(visited.path(), action.getRawPath(), fields(form)));
            }
        }
        return forms;
    }

    /** As a browser sends them where nobody changes anything and the first button is pressed. */
    static List<Field> fields(Element form) {
        List<Field> fields = new ArrayList<>();
        for (Element one : form.select("input[name], select[name], textarea[name]")) {
            if (one.hasAttr("disabled")) {
                continue;
            }
            String name = one.attr("name");
            if (one.tagName().equals("select")) {
                Element chosen = one.selectFirst("option[selected]");
                Element first = chosen == null ? one.selectFirst("option") : chosen;
                fields.add(new Field(name, first == null ? "" : first.attr("value"), Kind.CHOICE));
            } else if (one.tagName().equals("textarea")) {
                fields.add(new Field(name, one.text(), Kind.TEXT));
            } else {
                switch (one.attr("type")) {
                    case "hidden" -> fields.add(new Field(name, one.attr("value"), Kind.HIDDEN));
                    case "file" -> fields.add(new Field(name, "", Kind.FILE));
                    case "checkbox", "radio" -> {
                        if (one.hasAttr("checked")) {
                            fields.add(new Field(name, one.attr("value"), Kind.TICK));
                        }
                    }
                    default -> fields.add(new Field(name, one.attr("value"), Kind.TEXT));
                }
            }
        }
        Element button = form.selectFirst("button[name]");
        if (button != null) {
            fields.add(new Field(button.attr("name"), button.attr("value"), Kind.HIDDEN));
        }
        return fields;
    }

    /** Another form of the same session, which sends a file. */
    Form withFile(String otherAction, String name) {
        List<Field> other = new ArrayList<>(bare());
        other.add(new Field(name, "", Kind.FILE));
        return new Form(page, otherAction, other);
    }

    /** Another form of the same session, with fields for texts. */
    Form withTexts(String otherAction, String... names) {
        List<Field> other = new ArrayList<>(bare());
        for (String name : names) {
            other.add(new Field(name, "", Kind.TEXT));
        }
        return new Form(page, otherAction, other);
    }

    String token() {
        return bare().getFirst().value();
    }

    Form withToken(String token) {
        return new Form(
                page,
                action,
                fields.stream()
                        .map(field -> field.isTokenOfTheSession() ? field.with(token) : field)
                        .toList());
    }

    boolean hasFile() {
        return fields.stream().anyMatch(Field::isFile);
    }

    /** Nothing but the token of the session. */
    List<Field> bare() {
        return fields.stream().filter(Field::isTokenOfTheSession).toList();
    }

    /** Every field there, and every field empty. */
    List<Field> empty() {
        return fields.stream()
                .map(field -> field.isTokenOfTheSession() ? field : field.with(""))
                .toList();
    }

    /** Every field with what nobody means. */
    List<Field> nonsense() {
        return fields.stream()
                .map(field -> field.isTokenOfTheSession() ? field : field.with(NONSENSE.repeat(20)))
                .toList();
    }
}
