package org.annona.programs.duplication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.annona.programs.BeneficiaryRegistries.Evidence;
import org.annona.programs.BeneficiaryRegistries.Finding;
import org.annona.programs.BeneficiaryRegistries.Match;
import org.annona.programs.BeneficiaryRegistries.Status;
import org.annona.programs.duplication.Verdict.Result;

/** Whatever a registry says: what is not known never clears anybody, and only what names her confirms. */
class VerdictProperties {

    @Provide
    Arbitrary<List<Evidence>> evidence() {
        Arbitrary<Match> match = Combinators.combine(
                        Arbitraries.of("OURS", "FOOD", "SCHOOL"),
                        Arbitraries.of(Status.class),
                        Arbitraries.of(true, false))
                .as((code, status, carries) -> new Match(code, code, status, "", carries));
        Arbitrary<Finding> finding = Arbitraries.oneOf(
                Arbitraries.just(new Finding.Nothing()),
                Arbitraries.of(true, false).map(outage -> new Finding.NotKnown("no answer came", outage)),
                Combinators.combine(match.list().ofMinSize(1).ofMaxSize(3), Arbitraries.of(true, false))
                        .as(Finding.Found::new));
        return finding.map(one -> new Evidence("UIN", one)).list().ofMaxSize(3);
    }

    @Property
    void unknown_is_not_no(@ForAll("evidence") List<Evidence> evidence) {
        Verdict verdict = Verdict.of(evidence, Set.of("ours"));
        boolean unknown =
                evidence.isEmpty() || evidence.stream().anyMatch(one -> one.finding() instanceof Finding.NotKnown);
        boolean untold =
                evidence.stream().anyMatch(one -> one.finding() instanceof Finding.Found found && !found.whole());
        if (unknown || untold) {
            assertThat(verdict.result()).isNotEqualTo(Result.NO_MATCH);
        }
        boolean foreign = evidence.stream()
                .anyMatch(one -> one.finding() instanceof Finding.Found(List<Match> found, boolean whole)
                        && found.stream()
                                .anyMatch(match -> match.status() != Status.ENDED
                                        && !match.programmeCode().equals("OURS")));
        assertThat(verdict.result() == Result.CONFIRMED_MATCH || verdict.result() == Result.POSSIBLE_MATCH)
                .isEqualTo(foreign);
        if (!unknown && !untold && !foreign) {
            assertThat(verdict.result()).isEqualTo(Result.NO_MATCH);
        }
        if (verdict.result() == Result.CONFIRMED_MATCH) {
            assertThat(verdict.matched())
                    .isNotEmpty()
                    .allMatch(match -> match.carriesIdentifier() && match.status() == Status.ACTIVE);
        }
        if (verdict.outage()) {
            assertThat(verdict.result()).isEqualTo(Result.INCONCLUSIVE);
        }
        assertThat(verdict.incomplete()).isEqualTo(foreign && unknown);
    }
}
