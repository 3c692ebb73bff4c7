package org.annona.mapper;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.annona.access.Permission;
import org.annona.console.Formats;
import org.annona.console.NavigationEntry;
import org.annona.foundation.database.Database;
import org.annona.foundation.job.Recurring;
import org.annona.foundation.sealing.Keyring;
import org.annona.mapper.linking.FetchAccounts;
import org.annona.mapper.linking.LinkPages;
import org.annona.mapper.linking.Links;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Puts this block together. Needs a database of schema {@code mapper}, the keyring, an {@link AccountSource}, and the topic
 * on which that source says that something changed.
 */
@Configuration(proxyBeanMethods = false)
public class MapperBlock {

    private static final Logger LOG = LoggerFactory.getLogger(MapperBlock.class);

    /**
     * @param accountsChanged topic of the message that accounts changed
     * @param poll how often a source that cannot send such messages is asked; null where it can
     */
    public record Topics(String accountsChanged, @Nullable Duration poll) {}

    /** Where the source is in another installation. */
    @Bean
    Recurring pollAccounts(Links links, Topics topics) {
        Duration pause = Objects.requireNonNullElse(topics.poll(), Duration.ofDays(1));
        return new Recurring("mapper.poll-accounts", pause, () -> {
            boolean more = topics.poll() != null;
            while (more) {
                Links.Fetched fetched = links.fetch();
                if (!fetched.unfit().isEmpty()) {
                    LOG.warn(
                            "{} accounts of the other installation cannot be used, the first one because of {}",
                            fetched.unfit().size(),
                            fetched.unfit().getFirst().code());
                }
                more = fetched.more();
            }
        });
    }

    @Bean
    Links links(@Qualifier("mapperDatabase") Database database, AccountSource source, Keyring keyring, Clock clock) {
        return new Links(database, source, keyring, clock);
    }

    @Bean
    Mapper mapper(Links links) {
        return new Mapper(links);
    }

    @Bean
    FetchAccounts fetchAccounts(@Qualifier("mapperDatabase") Database database, Links links, Topics topics) {
        return new FetchAccounts(database, links, topics.accountsChanged());
    }

    @Bean
    LinkPages linkPages(Links links, Formats formats) {
        return new LinkPages(links, formats);
    }

    @Bean
    NavigationEntry accountsEntry() {
        return new NavigationEntry(540, "Accounts", "/accounts", List.of(MapperPermission.VIEW));
    }

    @Bean
    Permission.OfBlock mapperPermissions() {
        return MapperPermission::values;
    }
}
