import shutil
from dataclasses import asdict, replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import portfolios
from data.bank import open_bank
from model import artifact, offers, offers_judged, offers_training, split
from model.assess import assess, assess_frame, assess_record
from model.measures import measures
from model.offers import OTHER, OfferModel, softmax
from model.train import learnable

CLASSES = ("A", "B", "C", "D", OTHER)


def told(shares, shown: int = 3, rare: int = 7):
    """Return what is told of shares, without a booster."""
    return OfferModel(None, CLASSES, rare, 1.0, shown).likeliest(np.array(shares))


class TestWhatIsToldOfAFile:
    def test_the_likeliest_come_first_and_all_make_one(self):
        found = told([0.1, 0.4, 0.2, 0.05, 0.25])
        assert [offer.code for offer in found.top] == ["B", "C", "A"]
        assert sum(offer.share for offer in found.top) + found.others_share == pytest.approx(1)

    def test_rare_offers_are_never_proposed_however_likely_together(self):
        found = told([0.1, 0.05, 0.05, 0.0, 0.8])
        assert OTHER not in [offer.code for offer in found.top]
        assert (found.most_of_others, found.rare_share) == (0.0, 0.8)

    def test_each_rare_offer_counts_among_the_others(self):
        assert told([0.2] * 5, rare=7).others == 1 + 7

    def test_equal_shares_are_told_in_the_order_of_their_codes(self):
        assert [offer.code for offer in told([0.2] * 5).top] == ["A", "B", "C"]

    def test_fewer_offers_than_are_shown_leave_only_the_rare(self):
        found = told([0.2] * 5, shown=9)
        assert len(found.top) == 4
        assert found.others == 7

    @given(st.lists(st.floats(-50, 50), min_size=5, max_size=5), st.floats(0.25, 4))
    def test_whatever_the_scores_shares_make_one_and_the_top_is_no_less_than_an_other(self, raw, temperature):
        shares = softmax(np.array([raw]), temperature)[0]
        found = told(shares)
        assert sum(offer.share for offer in found.top) + found.others_share == pytest.approx(1)
        assert all(0 <= offer.share <= 1 for offer in found.top)
        assert found.top[-1].share >= shares[CLASSES.index("D")] or "D" in [one.code for one in found.top]


class TestTemperature:
    def test_finds_how_much_too_sure_scores_are(self):
        rng = np.random.default_rng(3)
        raw = rng.normal(size=(20_000, 5))
        drawn = (softmax(raw).cumsum(axis=1) > rng.random((20_000, 1))).argmax(axis=1)
        assert offers_training.fit_temperature(2 * raw, drawn) == pytest.approx(2, rel=0.05)

    def test_keeps_the_order(self):
        raw = np.random.default_rng(4).normal(size=(100, 5))
        assert (softmax(raw, 0.5).argsort() == softmax(raw, 3.0).argsort()).all()


class TestJudging:
    def test_counts_what_is_among_the_likeliest(self):
        shares = np.array([[0.5, 0.2, 0.15, 0.1, 0.05]] * 5)
        found = offers_judged.judged(np.arange(5), shares, CLASSES, 3)
        assert [found[f"top_{most}"]["value"] for most in (1, 3, 4)] == [0.2, 0.6, 0.8]
        assert found["told"]["value"] == 0.6

    def test_a_rare_offer_is_never_among_those_told(self):
        shares = np.array([[0.1, 0.1, 0.1, 0.0, 0.7]] * 2)
        found = offers_judged.judged(np.array([4, 2]), shares, CLASSES, 3)
        assert (found["top_1"]["value"], found["told"]["value"]) == (0.5, 0.5)

    def test_ties_are_no_hit_for_all(self):
        assert list(offers_judged.ranks(np.arange(3), np.ones((3, 3)))) == [0, 1, 2]

    def test_shares_that_come_true_have_no_calibration_error(self):
        rng = np.random.default_rng(5)
        shares = softmax(rng.normal(scale=2, size=(50_000, 5)))
        drawn = (shares.cumsum(axis=1) > rng.random((50_000, 1))).argmax(axis=1)
        assert offers_judged.judged(drawn, shares, CLASSES, 3)["ece"] < 0.01
        sharper = shares**2 / (shares**2).sum(axis=1, keepdims=True)
        assert offers_judged.judged(drawn, sharper, CLASSES, 3)["ece"] > 0.05


class TestTraining:
    @pytest.fixture
    def about(self, prospects) -> dict:
        return measures(artifact.champion("prospects"), offers.ABOUT)

    def test_learns_from_accepted_rows_of_training_alone(self, about):
        portfolio, frame = portfolios.load("prospects"), open_bank("prospects").frame(labelled=True)
        judging = split.aside(portfolio, frame)
        accepted = frame[portfolio.target].to_numpy() == 1
        assert about["folds"]["model"]["rows"] == (accepted & ~judging).sum()
        assert about["test"]["model"]["rows"] == (accepted & judging).sum() > 0

    def test_offers_with_too_few_examples_are_one_class(self, about):
        portfolio = portfolios.load("prospects")
        told, frame = portfolio.settings["offers"], open_bank("prospects").frame(labelled=True)
        learnt = frame.filter(~split.aside(portfolio, frame))
        learnt = learnt.filter(learnt[portfolio.target] == 1)
        counts = dict(learnt[told["column"]].value_counts().iter_rows())
        often = {code for code, count in counts.items() if count >= told["rare_below"]}
        assert set(about["classes"]) == often | {OTHER}
        assert about["rare"] == len(counts) - len(often)

    def test_beats_the_most_frequent_of_the_range_on_the_test_rows(self, about):
        gain = about["test"]["gain"]
        assert gain["top_1"]["low"] > 0
        assert gain["log_loss"]["high"] < 0

    def test_announces_what_comes(self, about):
        assert about["test"]["model"]["ece"] < 0.08

    def test_a_portfolio_without_offers_has_none(self, store):
        model = artifact.champion("home_credit")
        assert model.offers is None
        assert offers.ABOUT not in model.card["hashes"]


class TestAnAssessment:
    def test_tells_offers_exactly_where_acceptance_is_proposed(self, prospects):
        found = [assess("prospects", one) for one in prospects]
        assert {one.proposal for one in found} == {"accept", "refuse"}
        for one in found:
            assert (one.offers is not None) is (one.proposal == "accept")

    def test_makes_one_of_the_offers_and_the_others(self, prospects):
        shown = portfolios.load("prospects").settings["offers"]["shown"]
        for one in (assess("prospects", one) for one in prospects):
            if one.offers:
                shares = [offer.share for offer in one.offers.top]
                assert sum(shares) + one.offers.others_share == pytest.approx(1)
                assert shares == sorted(shares, reverse=True)
                assert len(shares) <= shown

    def test_says_the_same_of_a_file_alone_sent_or_among_others(self, prospects):
        frame = open_bank("prospects").records(prospects[:20])
        for together in assess_frame("prospects", frame):
            alone = assess("prospects", together.client_id)
            sent = assess_record("prospects", alone.record, together.client_id)
            assert together.offers == alone.offers == sent.offers

    @pytest.mark.slow
    @pytest.mark.filterwarnings("ignore:.*AnyType:UserWarning")
    def test_is_told_alike_by_the_model_that_mlflow_serves(self, prospects):
        import pandas as pd

        from web.served import ARTIFACT, Served

        served = Served()
        folder = artifact.champion("prospects").folder
        served.load_context(SimpleNamespace(artifacts={ARTIFACT: str(folder)}))
        said = [assess("prospects", one) for one in prospects[:12]]
        portfolio = portfolios.load("prospects")
        sent = pd.DataFrame(
            [{name: one.record[name] for name in portfolio.inputs if name in one.record} for one in said]
        )
        answered = served.predict(None, sent).to_dict("records")
        for one, answer in zip(said, answered, strict=True):
            assert answer["offers"] == (None if one.offers is None else asdict(one.offers))
            assert answer["decision"] == portfolio.code(one.decision)

    def test_consumer_credit_makes_no_offers(self, store, clients):
        assert all(assess("home_credit", one).offers is None for one in clients[:20])


@pytest.mark.parametrize("name", [offers.ABOUT, offers.BOOSTER])
@pytest.mark.parametrize("how", ["changed", "gone"])
def test_a_damaged_file_of_the_offers_is_refused(prospects, tmp_path, name, how):
    copy = tmp_path / "1"
    shutil.copytree(artifact.champion("prospects").folder, copy)
    if how == "gone":
        (copy / name).unlink()
    else:
        (copy / name).write_text((copy / name).read_text() + " ")
    with pytest.raises(artifact.ModelDamaged, match=name):
        artifact.load(copy)


def test_offers_of_which_too_few_were_taken_are_not_learnt(prospects, caplog):
    portfolio, frame = portfolios.load("prospects"), open_bank("prospects").frame()
    told = portfolio.settings["offers"] | {"rare_below": len(frame)}
    strict = replace(portfolio, settings=portfolio.settings | {"offers": told})
    population, encoding, data = learnable(portfolio, frame)
    fold = np.zeros(len(data.outcome), dtype=int)
    trained = SimpleNamespace(
        portfolio=strict,
        population=population,
        encoding=encoding,
        training=SimpleNamespace(result=SimpleNamespace(fold=fold)),
    )
    assert offers_training.describe(trained, frame, lambda step: None) == {}
    assert "offers" in caplog.text
