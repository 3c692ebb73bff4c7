package org.annona.console;

/** What a state means to the reader, and so its colour; the word itself always stands beside the colour. */
public enum Tone {
    GOOD("green"),
    ACTIVE("blue"),
    QUIET("secondary"),
    ATTENTION("yellow"),
    BAD("red");

    private final String colour;

    Tone(String colour) {
        this.colour = colour;
    }

    public String colour() {
        return colour;
    }
}
