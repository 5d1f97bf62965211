"""Who an account is to those who read what it did."""

import pytest

from components import reader
from components.i18n import LANGUAGES
from web import identity


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_demonstration_identity_goes_by_its_words_and_others_by_their_name(lang):
    assert set(reader.DEMO) == set(identity.DEMO)
    assert not any(reader.named(name, lang).startswith("demo-") for name in reader.DEMO)
    assert reader.named("m.account", lang) == "m.account"
