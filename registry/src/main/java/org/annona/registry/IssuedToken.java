package org.annona.registry;

import java.util.UUID;
import org.annona.foundation.sealing.Sensitive;

/**
 * A token that an identity authority gave for a person.
 *
 * @param identifierId of the identifier that was shown to the authority
 */
public record IssuedToken(UUID personId, UUID identifierId, Sensitive<String> token) {}
