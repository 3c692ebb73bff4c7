package org.annona.server.wiring;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.annona.mapper.Mapper;
import org.annona.programs.PayeeAccounts;

/** The mapper as the book of accounts of the programmes. */
public final class MapperPayeeAccounts implements PayeeAccounts {

    private final Mapper mapper;

    public MapperPayeeAccounts(Mapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public List<Optional<Account>> of(List<UUID> payees) {
        return mapper.marks(payees.stream().map(PersonIdentity::of).toList()).stream()
                .map(mark -> mark.map(known -> new Account(known.version(), known.mark())))
                .toList();
    }
}
