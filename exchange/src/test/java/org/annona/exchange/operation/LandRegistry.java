package org.annona.exchange.operation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.annona.exchange.Disclosure;
import org.annona.exchange.EventPage;
import org.annona.exchange.Question;
import org.annona.exchange.Reply;
import org.annona.exchange.ServedRegistry;
import org.annona.interop.query.Query;
import org.annona.interop.query.Vocabulary;
import org.annona.interop.record.RegistryKind;
import tools.jackson.databind.node.ObjectNode;

/** A registry that the exchange knows nothing of: it can only be asked who owns a parcel. */
final class LandRegistry implements ServedRegistry {

    String owner(String parcel) {
        return "owner of " + parcel;
    }

    @Override
    public String prefix() {
        return "land";
    }

    @Override
    public String title() {
        return "Land registry";
    }

    @Override
    public RegistryKind kind() {
        return RegistryKind.FR;
    }

    @Override
    public List<String> attributes() {
        return List.of("owner");
    }

    @Override
    public Optional<String> recordType(String recordType, String responseEntity) {
        return Optional.empty();
    }

    @Override
    public Vocabulary vocabulary(String recordType, Disclosure disclosure) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Reply> answer(List<Question> questions, Disclosure disclosure) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<String> event(String name) {
        return Optional.empty();
    }

    @Override
    public void listen(String event) {
        throw new UnsupportedOperationException();
    }

    @Override
    public EventPage happened(String after, int limit) {
        return new EventPage(List.of(), after, false);
    }

    @Override
    public Map<UUID, ObjectNode> records(String recordType, Query filter, Set<UUID> keys, Disclosure disclosure) {
        return Map.of();
    }
}
