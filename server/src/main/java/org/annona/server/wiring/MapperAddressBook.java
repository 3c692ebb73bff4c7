package org.annona.server.wiring;

import java.util.List;
import java.util.UUID;
import org.annona.foundation.sealing.Sensitive;
import org.annona.mapper.FinancialAddress;
import org.annona.mapper.Mapper;
import org.annona.mapper.Resolution;
import org.annona.payments.AddressBook;

/** The mapper as the address book of the payments. */
public final class MapperAddressBook implements AddressBook {

    private final Mapper mapper;

    public MapperAddressBook(Mapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public List<Answer> resolve(List<UUID> beneficiaries) {
        return mapper.resolve(beneficiaries.stream().map(PersonIdentity::of).toList()).stream()
                .map(MapperAddressBook::answer)
                .toList();
    }

    private static Answer answer(Resolution resolution) {
        return switch (resolution) {
            case Resolution.NotLinked none -> new Answer.NoAccount();
            case Resolution.Linked linked -> {
                FinancialAddress address = linked.address().reveal();
                yield new Answer.Found(
                        address.type(),
                        String.join(".", address.provider()),
                        Sensitive.of(address.number()),
                        linked.version());
            }
        };
    }
}
