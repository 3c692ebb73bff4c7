package org.annona.demo.strip;

import java.util.function.Supplier;
import org.annona.console.PageStrip;

/** Says how far the demo is, and offers what the bank and the treasury do. */
public final class DemoStrip implements PageStrip {

    private final Supplier<String> status;

    public DemoStrip(Supplier<String> status) {
        this.status = status;
    }

    @Override
    public String template() {
        return "demo/strip";
    }

    public String status() {
        return status.get();
    }
}
