package org.annona.mapper.linking;

import static org.annona.mapper.internal.tables.Tables.MAPPING;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.selectCount;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.foundation.database.CopyWriter;
import org.annona.foundation.database.Database;
import org.annona.foundation.feed.FeedReader;
import org.annona.foundation.ids.Ids;
import org.annona.foundation.job.RowError;
import org.annona.foundation.listing.Keyset;
import org.annona.foundation.listing.Page;
import org.annona.foundation.listing.PageRequest;
import org.annona.foundation.sealing.BlindIndex;
import org.annona.foundation.sealing.Keyring;
import org.annona.foundation.sealing.Sealer;
import org.annona.foundation.sealing.Sensitive;
import org.annona.mapper.AccountMark;
import org.annona.mapper.AccountSource;
import org.annona.mapper.FinancialAddress;
import org.annona.mapper.MapperPermission;
import org.annona.mapper.Resolution;
import org.annona.mapper.internal.tables.states.MappingState;
import org.annona.mapper.internal.tables.tables.Mapping;
import org.annona.mapper.internal.tables.tables.records.MappingRecord;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps links with their history, and resolves identities, many at a time. */
public final class Links {

    private static final Logger LOG = LoggerFactory.getLogger(Links.class);
    private static final String ADDRESS = "mapper.mapping.fa_sealed";
    private static final int ROWS_PER_PART = 2_000;
    private static final Keyset ORDER = new Keyset(Map.of("linked", MAPPING.LINKED_AT), "linked", true, MAPPING.ID);

    private final Database database;
    private final AccountSource source;
    private final FeedReader reader;
    private final Sealer sealer;
    private final BlindIndex index;
    private final Clock clock;

    public Links(Database database, AccountSource source, Keyring keyring, Clock clock) {
        this.database = database;
        this.source = source;
        this.reader = new FeedReader(database, clock);
        this.sealer = keyring.sealer("mapper");
        this.index = keyring.blindIndex("mapper");
        this.clock = clock;
    }

    /** A link in a list, masked. */
    record LinkRow(
            String identity,
            String type,
            String provider,
            String number,
            int version,
            Instant linkedAt,
            int sharedBy) {}

    /**
     * @param unfit accounts that cannot be written as a financial address, with why; they are not linked
     * @param more whether more is there at once
     */
    public record Fetched(int rows, List<RowError> unfit, boolean more) {}

    /** Takes one part of what changed at the source; only one process stores a part. */
    public Fetched fetch() {
        List<RowError> unfit = new ArrayList<>();
        FeedReader.Read read =
                reader.read("accounts", source::changes, ROWS_PER_PART, (tx, accounts) -> store(tx, accounts, unfit));
        return new Fetched(Math.max(0, read.rows() - unfit.size()), unfit, read.more());
    }

    /** The newest word on each identity counts: an account in use wins over one that was given up. */
    private void store(DSLContext tx, List<AccountSource.Account> accounts, List<RowError> unfit) {
        Map<String, AccountSource.Account> wanted = new LinkedHashMap<>();
        for (AccountSource.Account account : accounts) {
            try {
                address(account);
                wanted.merge(
                        account.identity(), account, (first, next) -> next.active() || !first.active() ? next : first);
            } catch (IllegalArgumentException unusable) {
                unfit.add(new RowError(
                        account.identity(), "mapper.account_unfit", String.valueOf(unusable.getMessage())));
            }
        }
        if (wanted.isEmpty()) {
            return;
        }
        Map<String, MappingRecord> active = tx.selectFrom(MAPPING)
                .where(MAPPING.IDENTITY.in(wanted.keySet()), MAPPING.STATE.eq(MappingState.ACTIVE))
                .forUpdate()
                .fetchMap(MAPPING.IDENTITY);
        Map<String, Integer> versions = tx.select(MAPPING.IDENTITY, max(MAPPING.VERSION))
                .from(MAPPING)
                .where(MAPPING.IDENTITY.in(wanted.keySet()))
                .groupBy(MAPPING.IDENTITY)
                .fetchMap(MAPPING.IDENTITY, max(MAPPING.VERSION));
        List<MappingRecord> ended = new ArrayList<>();
        List<MappingRecord> added = new ArrayList<>();
        wanted.forEach((identity, account) -> {
            MappingRecord old = active.get(identity);
            FinancialAddress address = address(account);
            byte[] hash = index.of("address", address.text());
            boolean same = old != null && Arrays.equals(old.getFaIndex(), hash);
            if (old != null && same != account.active()) {
                old.setState(MappingState.ENDED);
                old.setEndedAt(clock.instant());
                ended.add(old);
            }
            if (account.active() && !same) {
                added.add(link(account, address, hash, 1 + versions.getOrDefault(identity, 0)));
            }
        });
        tx.batchUpdate(ended).execute();
        CopyWriter.of(added).write(tx);
    }

    private MappingRecord link(AccountSource.Account account, FinancialAddress address, byte[] hash, int version) {
        MappingRecord link = new MappingRecord();
        link.setId(Ids.next());
        link.setIdentity(account.identity());
        link.setGivenAt(account.since());
        link.setVersion(version);
        link.setFaType(address.type());
        link.setProvider(String.join(".", address.provider()));
        link.setFaSealed(sealer.seal(ADDRESS, link.getId(), address.text()));
        link.setFaIndex(hash);
        link.setAccountIndex(index.of("account", address.account()));
        link.setState(MappingState.ACTIVE);
        link.setLinkedAt(clock.instant());
        link.setCause("registry");
        return link;
    }

    private static FinancialAddress address(AccountSource.Account account) {
        String type = account.scheme().equals("mobile") ? "mobile" : "account";
        return FinancialAddress.of(
                type, account.number().reveal(), account.provider().toLowerCase(Locale.ROOT));
    }

    /** One statement for all; the answers stand in the order of the questions. */
    public List<Resolution> resolve(List<String> identities) {
        Map<String, Resolution> linked = new LinkedHashMap<>();
        database.sql()
                .selectFrom(MAPPING)
                .where(MAPPING.IDENTITY.in(Set.copyOf(identities)), MAPPING.STATE.eq(MappingState.ACTIVE))
                .forEach(row -> linked.put(
                        row.getIdentity(),
                        new Resolution.Linked(
                                row.getIdentity(),
                                Sensitive.of(FinancialAddress.parse(
                                        sealer.openText(ADDRESS, row.getId(), row.getFaSealed()))),
                                row.getVersion())));
        return identities.stream()
                .map(identity -> linked.getOrDefault(identity, new Resolution.NotLinked(identity)))
                .toList();
    }

    /**
     * Versions and hashes of the accounts, in the order of the questions, after everything was fetched that the source tells: a list
     * that is approved with an account of yesterday is not paid. Nothing is opened.
     */
    public List<Optional<AccountMark>> marks(List<String> identities) {
        Fetched fetched;
        do {
            fetched = fetch();
            if (!fetched.unfit().isEmpty()) {
                LOG.warn(
                        "{} accounts cannot be written as an address and are not linked",
                        fetched.unfit().size());
            }
        } while (fetched.more());
        Map<String, AccountMark> linked = new HashMap<>();
        database.sql()
                .select(MAPPING.IDENTITY, MAPPING.VERSION, MAPPING.ACCOUNT_INDEX)
                .from(MAPPING)
                .where(MAPPING.IDENTITY.in(Set.copyOf(identities)), MAPPING.STATE.eq(MappingState.ACTIVE))
                .forEach(row -> linked.put(
                        row.value1(),
                        // Another hash than the one of our table: who has both tables sees no common value.
                        new AccountMark(
                                row.value2(), index.of("mark", HexFormat.of().formatHex(row.value3())))));
        return identities.stream()
                .map(identity -> Optional.ofNullable(linked.get(identity)))
                .toList();
    }

    /** Filter: provider. */
    Page<LinkRow> page(Actor actor, PageRequest request) {
        actor.require(MapperPermission.VIEW);
        Mapping other = MAPPING.as("other");
        Field<Integer> sharedBy = field(selectCount()
                .from(other)
                .where(other.ACCOUNT_INDEX.eq(MAPPING.ACCOUNT_INDEX), other.STATE.eq(MappingState.ACTIVE)));
        Condition condition = MAPPING.STATE
                .eq(MappingState.ACTIVE)
                .and(
                        request.filter("provider").isEmpty()
                                ? noCondition()
                                : MAPPING.PROVIDER.eq(request.filter("provider").toLowerCase(Locale.ROOT)));
        return ORDER.page(
                        database.sql(),
                        List.of(
                                MAPPING.ID,
                                MAPPING.IDENTITY,
                                MAPPING.FA_TYPE,
                                MAPPING.PROVIDER,
                                MAPPING.FA_SEALED,
                                MAPPING.VERSION,
                                MAPPING.LINKED_AT,
                                sharedBy),
                        MAPPING,
                        condition,
                        request)
                .map(row -> {
                    UUID id = row.get(MAPPING.ID);
                    String number = FinancialAddress.parse(sealer.openText(ADDRESS, id, row.get(MAPPING.FA_SEALED)))
                            .number();
                    return new LinkRow(
                            row.get(MAPPING.IDENTITY),
                            row.get(MAPPING.FA_TYPE),
                            row.get(MAPPING.PROVIDER),
                            "••••" + number.substring(Math.max(0, number.length() - 4)),
                            row.get(MAPPING.VERSION),
                            row.get(MAPPING.LINKED_AT),
                            row.get(sharedBy));
                });
    }
}
