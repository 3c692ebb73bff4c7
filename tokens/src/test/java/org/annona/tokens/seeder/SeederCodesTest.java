package org.annona.tokens.seeder;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clerks read of what a seeder says. */
class SeederCodesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "IDA-DEA-001 | Demographic data dob did not match | the authority has other data of her: birth date",
                "IDA-DEA-001 | Demographic data fullAddress in eng did not match | the authority has other data of her: address",
                "IDA-DEA-001 | it did not match Amina 1990-01-31 | the authority has other data of her",
                "ATS-REQ-103 | IDA-DEA-001::Demographic data gender in eng did not match,IDA-DEA-001::Demographic data name in eng did"
                        + " not match | the authority has other data of her: gender, name",
                "ATS-REQ-103 | IDA-MLC-004::Invalid VID,IDA-DEA-001::Demographic data emailId did not match"
                        + " | the authority does not know this virtual ID; the authority has other data of her: e-mail",
                "ATS-REQ-103 | no jq expression | the authority named several errors, or the output format is wrong",
                "ATS-REQ-004 | the gender of Amina | the gender is empty",
                "ODD-1 | the name of Amina | the seeder says ODD-1"
            })
    void the_field_that_the_authority_found_wrong_is_named_and_no_word_of_the_seeder_repeated(
            String code, String message, String sentence) {
        assertThat(SeederCodes.sentence(code, message)).isEqualTo(sentence);
    }
}
