package org.annona.registry.identifier;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Optional;

/** Phone numbers of one country, and of others when written with their country code. */
public final class PhoneNumbers {

    private final PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
    private final String region;

    public PhoneNumbers(String region) {
        this.region = region;
    }

    /** The number in E.164, or empty where the text is none that can exist. */
    public Optional<String> e164(String text) {
        try {
            PhoneNumber number = numbers.parse(text, region);
            return numbers.isValidNumber(number)
                    ? Optional.of(numbers.format(number, PhoneNumberFormat.E164))
                    : Optional.empty();
        } catch (NumberParseException unreadable) {
            return Optional.empty();
        }
    }
}
