"""The vault: what is sealed is opened by its key, whatever keys came since, and by nothing else."""

import pytest

from bot.vault import CannotOpen, Vault, new_key

OLD, NEW = new_key(), new_key()
TOKEN = "xoxb-" + "1" * 250  # longer than Slack's of today


def test_what_is_sealed_says_nothing_and_is_opened_again() -> None:
    vault = Vault([OLD])
    sealed = vault.seal(TOKEN)

    assert TOKEN[:12] not in sealed
    assert vault.open(sealed) == TOKEN
    assert vault.seal(TOKEN) != sealed, "the same token twice looks like two"


def test_a_newer_key_before_the_old_one_opens_what_was_sealed_before() -> None:
    sealed = Vault([OLD]).seal(TOKEN)
    both = Vault([NEW, OLD])

    assert both.open(sealed) == TOKEN
    assert not both.is_newest(sealed)
    assert both.is_newest(both.seal(TOKEN))
    assert Vault([NEW]).open(both.seal(TOKEN)) == TOKEN


@pytest.mark.parametrize("sealed", [Vault([OLD]).seal(TOKEN), "", "no ciphertext", TOKEN])
def test_without_its_key_nothing_is_opened_and_nothing_told(sealed: str) -> None:
    with pytest.raises(CannotOpen) as closed:
        Vault([NEW]).open(sealed)

    assert TOKEN not in f"{closed.value!r}{closed.value.__context__!r}"


def test_a_ciphertext_that_was_changed_is_not_opened() -> None:
    sealed = Vault([OLD]).seal(TOKEN)

    with pytest.raises(CannotOpen):
        Vault([OLD]).open(sealed[:-4] + "AAA=")
