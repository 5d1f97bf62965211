"""The CRM that is drawn, against every figure that was published of the real one."""

import math

import polars as pl
import pytest

from data import demo
from data.portfolios.prospects.demo.measured import FULL_SIZE, SHARES, measured
from data.portfolios.prospects.demo.published import FIGURES

PROPOSALS, SEED = 60_000, 5
col = pl.col
LEARNT, ACCEPTED = col("ANNEE") != 2021, col("ACCEPTEE") == 1
MAIN_RANGE = col("GAMME_PROPOSITION") == "SANTE PREVOYANCE"

# How far a share may be from the published one beyond chance; 0.005 where nothing is said.
TOLERANCES = {
    # 0.36 and this contradict one another: see docs/prospects_population.md.
    ("acceptance", "either_sex"): 0.035,
    ("age", "under_30"): 0.01,
    ("age", "from_50_to_75"): 0.01,
    # 10 % at 28 and 90 % at 36 make 35.2 %, not 36: the whole is kept, this gives way by one point.
    ("accepted", "outside_campaign"): 0.01,
}
# Read apart below, each by the test of its name.
READ_APART = {
    ("size", "proposals_2021"),
    *(("age", name) for name in ("mean", "mean_of_acceptors", "peak_of_acceptors", "peak_of_refusers")),
    *((kind, "k00034") for kind in ("share", "accepted")),
    *(("count", name) for name in ("ranges", "offers", "offers_of_sante_prevoyance", "offers_learnt")),
    *(("difficulty", name) for name in ("ranking_auc", "first_offer", "first_four_offers")),
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prospects")
    demo.generate("prospects", folder, PROPOSALS, SEED)
    return {path.stem: pl.read_parquet(path) for path in folder.iterdir()}


@pytest.fixture
def proposals(drawn):
    return drawn["proposal"]


@pytest.fixture(scope="module")
def shares(drawn):
    return {found.figure: found for found in measured(drawn["proposal"])}


def told(figure):
    kind, name = figure
    return FIGURES[kind][name]


class TestEveryFigure:
    def test_is_compared(self):
        assert {(kind, name) for kind, about in FIGURES.items() for name in about} == READ_APART | set(SHARES)

    @pytest.mark.parametrize("figure", SHARES, ids="-".join)
    def test_comes_out_within_chance_and_a_stated_tolerance(self, shares, figure):
        found = shares[figure]
        # Proposals of one prospect are alike: three standard errors of half as many rows.
        chance = 3 * math.sqrt(found.published * (1 - found.published) / (found.rows / 2))
        assert found.drawn == pytest.approx(found.published, abs=chance + TOLERANCES.get(figure, 0.005))


class TestYears:
    def test_are_2018_2019_and_2021_of_one_size_that_is_the_published_one_in_a_full_bank(self, proposals):
        counts = dict(proposals["ANNEE"].value_counts().rows())
        assert counts.keys() == {2018, 2019, 2021}
        for year in counts:
            full = counts[year] * FULL_SIZE / PROPOSALS
            assert full == pytest.approx(told(("size", "proposals_2021")), rel=0.03), year


class TestAge:
    def test_has_the_published_means(self, proposals):
        learnt = proposals.filter(LEARNT)
        assert learnt["AGE"].mean() == pytest.approx(told(("age", "mean")), abs=0.6)
        accepted = learnt.filter(ACCEPTED)["AGE"].mean()
        assert accepted == pytest.approx(told(("age", "mean_of_acceptors")), abs=0.5)

    def test_of_acceptors_peaks_near_thirty(self, proposals):
        bands = proposals.filter(ACCEPTED).group_by(col("AGE") // 5 * 5).len().sort("len")
        assert abs(bands["AGE"][-1] + 2.5 - told(("age", "peak_of_acceptors"))) <= 5

    def test_of_refusers_has_a_small_peak_near_seventy(self, proposals):
        refusers = proposals.filter(~ACCEPTED)["AGE"]
        peak = told(("age", "peak_of_refusers"))
        around = [refusers.is_between(middle - 1, middle + 1).sum() for middle in (peak - 6, peak, peak + 6)]
        assert around[1] > max(around[0], around[2])
        assert around[1] < refusers.is_between(49, 51).sum()


class TestSex:
    def test_has_no_effect(self, proposals):
        rates = [proposals.filter(LEARNT & (col("SEXE") == sex))["ACCEPTEE"].mean() for sex in ("F", "M")]
        assert rates[0] == pytest.approx(rates[1], abs=0.02)


class TestOffers:
    def test_are_known_of_accepted_proposals_only_and_belong_to_their_range(self, drawn):
        proposals = drawn["proposal"]
        assert (proposals["OFFRE"].is_not_null() == (proposals["ACCEPTEE"] == 1)).all()
        joined = proposals.filter(ACCEPTED).join(drawn["offer"], on="OFFRE", how="left")
        assert (joined["GAMME"] == joined["GAMME_PROPOSITION"]).all()

    def test_are_a_hundred_in_eighteen_ranges(self, drawn):
        offers = drawn["offer"]
        assert len(offers) == offers["LIBELLE"].n_unique() == told(("count", "offers"))
        assert offers["GAMME"].n_unique() == told(("count", "ranges"))
        main = offers.filter(col("GAMME") == "SANTE PREVOYANCE")
        assert len(main) == told(("count", "offers_of_sante_prevoyance"))

    def test_lead_with_k00034_in_its_range(self, proposals):
        taken = proposals.filter(MAIN_RANGE & ACCEPTED)["OFFRE"]
        whole = told(("accepted", "sante_prevoyance"))
        wanted = told(("share", "k00034")) * told(("accepted", "k00034")) / whole
        assert (taken == "K00034").mean() == pytest.approx(wanted, abs=0.03)

    def test_are_about_forty_with_a_hundred_examples_in_a_full_bank(self, proposals):
        counts = proposals.filter(LEARNT & ACCEPTED)["OFFRE"].value_counts()["count"]
        learnt = (counts * FULL_SIZE / PROPOSALS >= 100).sum()
        assert learnt == pytest.approx(told(("count", "offers_learnt")), abs=4)
