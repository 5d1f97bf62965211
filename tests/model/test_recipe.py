import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import recipe, validation
from model.fitting import fit, settings_for
from model.recipe import DEFAULT, PARAMETERS, Overrides, Recipe, RecipeInvalid, from_dict, read
from model.stages import log_odds
from model.table import Table


@pytest.fixture(scope="module")
def table() -> Table:
    """Two inputs, one declared rising although risk falls with it."""
    generator = np.random.default_rng(0)
    matrix = generator.normal(size=(1_500, 2))
    outcome = (generator.random(1_500) < 1 / (1 + np.exp(matrix[:, 0] + 1.0))).astype(float)
    return Table(matrix, outcome, {}, {"application": ("a", "b")}, ("a", "b"), frozenset(), {"a": 1})


def trees(table: Table, **asked) -> list[str]:
    stages, _ = fit(table, seed=1, threads=1, rounds={"application": 20}, **asked)
    return [stage.booster.model_to_string() for stage in stages]


class TestDefaults:
    def test_the_default_recipe_changes_not_one_byte(self, table):
        assert trees(table) == trees(table, recipe=Recipe()) == trees(table, recipe=DEFAULT)

    def test_nor_does_a_recipe_that_spells_the_defaults_out(self, table):
        settings = settings_for(len(table.outcome), inputs=len(table.families["application"]))
        spelt = {name: settings.parameters[name] for name in PARAMETERS if name in settings.parameters}
        assert len(spelt) > 5
        assert trees(table, recipe=Recipe({"application": Overrides(spelt, True)})) == trees(table)

    def test_nor_one_for_a_family_that_is_not_there(self, table):
        assert trees(table, recipe=Recipe({"bureau": Overrides({"num_leaves": 3})})) == trees(table)

    def test_cross_validation_passes_it_on(self, table):
        plain, same, other = (
            validation.cross_validate(table, seed=2, threads=1, **asked).raw
            for asked in (
                {},
                {"recipe": DEFAULT},
                {"recipe": Recipe({"application": Overrides({"num_leaves": 3})})},
            )
        )
        np.testing.assert_array_equal(plain, same)
        assert not np.array_equal(plain, other)


class TestOverrides:
    def test_a_parameter_reaches_the_booster(self, table):
        (text,) = trees(table, recipe=Recipe({"application": Overrides({"num_leaves": 3})}))
        assert "[num_leaves: 3]" in text

    def test_signs_are_held_unless_the_recipe_lets_them_go(self, table):
        rows = np.zeros((40, 2))
        rows[:, 0] = np.linspace(-2, 2, 40)
        free = Recipe({"application": Overrides(monotone=False)})
        held, loose = (
            log_odds(fit(table, seed=1, threads=1, rounds={"application": 40}, recipe=one)[0], rows, {})
            for one in (DEFAULT, free)
        )
        assert np.diff(held).min() >= 0
        assert np.diff(loose).min() < 0

    def test_trees_see_a_few_inputs_even_where_there_are_few(self):
        seen = {
            count: settings_for(5_000, inputs=count).parameters["feature_fraction"] for count in (2, 8, 150)
        }
        assert seen == {2: 1.0, 8: 0.5, 150: 0.1}

    def test_settings_stay_the_same_elsewhere(self):
        settings = settings_for(5_000)
        changed = settings.with_overrides(Overrides({"lambda_l2": 1.0}))
        assert changed == replace(settings, parameters=settings.parameters | {"lambda_l2": 1.0})
        assert settings.parameters["lambda_l2"] != 1.0


VALUES = {
    name: st.booleans() if kind is bool else (st.integers if kind is int else st.floats)(low, high)
    for name, (kind, low, high) in PARAMETERS.items()
}
OVERRIDES = st.builds(
    Overrides, st.fixed_dictionaries({}, optional=VALUES), st.sampled_from([None, True, False])
)


class TestOnPaper:
    @given(st.dictionaries(st.sampled_from(["application", "bureau", "card"]), OVERRIDES))
    def test_what_is_written_reads_back_the_same(self, families):
        made = Recipe(families)
        assert from_dict(json.loads(json.dumps(made.to_dict()))) == made

    def test_a_file_may_hold_it_alone_or_with_how_it_was_found(self, tmp_path):
        made = Recipe({"application": Overrides({"num_leaves": 7}, True)})
        for name, content in {
            "alone": made.to_dict(),
            "found": {"recipe": made.to_dict(), "trials": 3},
        }.items():
            (tmp_path / name).write_text(json.dumps(content))
            assert read(tmp_path / name) == made

    def test_only_what_changes_nothing_is_default(self):
        assert Recipe().is_default
        assert Recipe({"bureau": Overrides()}).is_default
        assert not Recipe({"bureau": Overrides(monotone=True)}).is_default

    @pytest.mark.parametrize(
        ("parameters", "said"),
        [
            ({"leaves": 3}, "application.leaves: unknown parameter; expected one of learning_rate"),
            ({"seed": 3}, "application.seed: unknown parameter"),
            ({"num_leaves": 1}, "application.num_leaves: 1; expected 2 to 4096"),
            ({"num_leaves": 7.5}, "application.num_leaves: 7.5; expected a whole number"),
            ({"num_leaves": True}, "application.num_leaves: True; expected a whole number"),
            ({"learning_rate": float("nan")}, "application.learning_rate: nan; expected 0.0001 to 1"),
            ({"learning_rate": "0.1"}, "application.learning_rate: '0.1'; expected a number"),
            ({"extra_trees": 1}, "application.extra_trees: 1; expected true or false"),
        ],
    )
    def test_what_cannot_be_is_said_with_its_place(self, parameters, said):
        with pytest.raises(RecipeInvalid) as caught:
            Recipe({"application": Overrides(parameters)})
        assert str(caught.value).startswith(said)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ([], "recipe: expected an object"),
            ({"families": {}}, "format: None; expected 1"),
            ({"format": 1, "families": {}, "kept": 1}, "recipe: unknown kept; expected families, format"),
            ({"format": 1, "families": []}, "families: expected an object"),
            ({"format": 1, "families": {"card": {"trees": 3}}}, "card: unknown trees"),
            ({"format": 1, "families": {"card": {"monotone": 1}}}, "card.monotone: 1; expected true, false"),
            ({"format": 1, "families": {"card": {"parameters": 1}}}, "card.parameters: expected an object"),
        ],
    )
    def test_another_shape_is_refused(self, content, said):
        with pytest.raises(RecipeInvalid) as caught:
            from_dict(content)
        assert str(caught.value).startswith(said)

    @pytest.mark.parametrize("text", ["{", '"text"', "\xff"])
    def test_a_file_that_is_no_recipe_is_named(self, tmp_path, text):
        path = tmp_path / "mine.json"
        path.write_bytes(text.encode("latin-1"))
        with pytest.raises(RecipeInvalid, match=r"mine\.json: "):
            recipe.read(path)
