package org.annona.registry;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.annona.access.Actor;
import org.annona.registry.pull.Pull;
import org.annona.registry.pull.PullTerms;
import org.annona.registry.pull.Pulls;
import org.annona.registry.pull.QueryType;
import org.annona.registry.source.DataSources;
import org.annona.registry.source.SourceTerms;

/** Imports from other registries, as the deployed ones are; everything else about them is agreed on their pages. */
public final class OtherRegistries {

    private final DataSources sources;
    private final Pulls pulls;

    OtherRegistries(DataSources sources, Pulls pulls) {
        this.sources = sources;
        this.pulls = pulls;
    }

    public Optional<UUID> source(Actor actor, String code) {
        return sources.all(actor).stream()
                .filter(source -> source.code().equals(code))
                .map(source -> source.id())
                .findFirst();
    }

    /**
     * A registry that lets us in by OAuth2.
     *
     * @param client the id under which it does
     * @param records in one page
     */
    public UUID createSource(
            Actor actor,
            String code,
            String name,
            String baseUrl,
            String tokenAddress,
            String client,
            String secret,
            int records) {
        SourceTerms usual = SourceTerms.preset();
        return sources.create(
                actor,
                code,
                name,
                new SourceTerms(
                        baseUrl,
                        usual.searchPath(),
                        tokenAddress,
                        usual.authentication(),
                        client,
                        usual.scope(),
                        usual.senderId(),
                        usual.receiverId(),
                        usual.dialect(),
                        usual.signing(),
                        records,
                        usual.timeout()),
                secret);
    }

    /**
     * Agrees on the import of all households with their members, which is written without anybody's look.
     *
     * @param programme to which they are brought; empty for none
     */
    public UUID agreeHouseholds(Actor actor, UUID source, String name, String programme, String purpose) {
        PullTerms usual = PullTerms.preset(true, QueryType.GRAPHQL);
        return pulls.create(
                actor,
                source,
                name,
                new PullTerms(
                        true,
                        usual.question(),
                        usual.members(),
                        usual.head(),
                        usual.columns(),
                        usual.roles(),
                        usual.withoutIdentifier(),
                        usual.goesOnBelow(),
                        0,
                        programme,
                        purpose),
                List.of());
    }

    public Optional<UUID> agreed(Actor actor, String name) {
        return pulls.all(actor).stream()
                .filter(pull -> pull.name().equals(name))
                .map(Pull::id)
                .findFirst();
    }

    /** @return the import that a run becomes */
    public UUID start(Actor actor, UUID agreed) {
        return pulls.start(actor, agreed, false);
    }

    /** The newest first. */
    public List<ImportStatus> runs(Actor actor, UUID agreed) {
        return pulls.runs(actor, agreed, 10);
    }
}
