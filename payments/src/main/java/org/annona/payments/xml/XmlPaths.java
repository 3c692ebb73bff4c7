package org.annona.payments.xml;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * A table of paths, and what to do with the element at each. Every other element is passed over with all that is inside, so
 * one that nobody knows never breaks reading, and one of the same name elsewhere is never taken for it. Namespaces do not
 * count: versions of a message differ by them, and prefixes are the sender's choice.
 *
 * <p>A document type declaration is refused. Messages of banks have none, and with it go entities that fetch or multiply.
 *
 * @param <T> what is told of the elements
 */
public final class XmlPaths<T> {

    /** An element with no other inside; its text is stripped of blanks. */
    public record Leaf(String text, Map<String, String> attributes) {

        public String attribute(String name) {
            return attributes.getOrDefault(name, "");
        }
    }

    private static final class Node<T> {
        private final Map<String, Node<T>> inside = new HashMap<>();
        private @Nullable Consumer<T> begin;
        private @Nullable Consumer<T> end;
        private @Nullable BiConsumer<T, Leaf> leaf;
    }

    private final String root;
    private final Node<T> top = new Node<>();

    /** @param root the element from which paths are counted, wherever it first stands */
    public XmlPaths(String root) {
        this.root = root;
    }

    public XmlPaths<T> begin(String path, Consumer<T> what) {
        node(path).begin = what;
        return this;
    }

    public XmlPaths<T> end(String path, Consumer<T> what) {
        node(path).end = what;
        return this;
    }

    public XmlPaths<T> text(String path, BiConsumer<T, String> what) {
        return leaf(path, (into, leaf) -> what.accept(into, leaf.text()));
    }

    public XmlPaths<T> leaf(String path, BiConsumer<T, Leaf> what) {
        node(path).leaf = what;
        return this;
    }

    private Node<T> node(String path) {
        Node<T> node = top;
        for (String name : path.split("/", -1)) {
            node = node.inside.computeIfAbsent(name, ignored -> new Node<>());
        }
        return node;
    }

    /** Reads to the end of the file, also behind the root, so that a file that was cut off is noticed. */
    public void read(byte[] xml, T into) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
        Walk walk = new Walk(into);
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> walk.start(reader);
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> walk.text.append(reader.getText());
                case XMLStreamConstants.END_ELEMENT -> walk.end();
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                    throw new XMLStreamException("a document type declaration or an entity", reader.getLocation());
                default -> {}
            }
        }
    }

    private final class Walk {

        private final T into;
        private final Deque<Node<T>> open = new ArrayDeque<>();
        private final StringBuilder text = new StringBuilder();
        private Map<String, String> attributes = Map.of();
        private int unknown;
        private boolean holdsElements;

        Walk(T into) {
            this.into = into;
        }

        void start(XMLStreamReader reader) {
            text.setLength(0);
            Node<T> node = known(reader.getLocalName());
            if (node == null) {
                // Before the root, elements are envelopes around it and are looked into.
                unknown += open.isEmpty() ? 0 : 1;
                holdsElements = true;
                return;
            }
            open.push(node);
            holdsElements = false;
            attributes = node.leaf == null ? Map.of() : attributes(reader);
            if (node.begin != null) {
                node.begin.accept(into);
            }
        }

        private @Nullable Node<T> known(String name) {
            Node<T> around = open.peek();
            if (around == null) {
                return name.equals(root) ? top : null;
            }
            return unknown > 0 ? null : around.inside.get(name);
        }

        private static Map<String, String> attributes(XMLStreamReader reader) {
            Map<String, String> attributes = new HashMap<>();
            for (int i = 0; i < reader.getAttributeCount(); i++) {
                attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
            }
            return attributes;
        }

        void end() {
            if (unknown > 0) {
                unknown--;
                return;
            }
            Node<T> node = open.poll();
            if (node == null) {
                return;
            }
            if (node.leaf != null && !holdsElements) {
                node.leaf.accept(into, new Leaf(text.toString().strip(), attributes));
            }
            holdsElements = true;
            if (node.end != null) {
                node.end.accept(into);
            }
        }
    }
}
