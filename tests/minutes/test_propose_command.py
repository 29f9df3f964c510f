"""Tests of `minutes.propose_command`."""

from datetime import timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.propose_command import ProposeCommand, ProposeHelp, RollWish, understand_proposal
from minutes.rules import Base, Quorum, Rule, RuleName
from minutes.text import mention

TEN_MINUTES = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("Drop the legacy agent", ProposeCommand("Drop the legacy agent", None)),
        ("Drop the legacy agent for 10m", ProposeCommand("Drop the legacy agent", TEN_MINUTES)),
        (
            "Drop it:\n- the agent\n- the docs\nfor 10 minutes",
            ProposeCommand("Drop it:\n- the agent\n- the docs", TEN_MINUTES),
        ),
        ("Plan for 2027", ProposeCommand("Plan for 2027", None)),
        ("Break for 10m and go on", ProposeCommand("Break for 10m and go on", None)),
        ("Break for 1h for 10m", ProposeCommand("Break for 1h", TEN_MINUTES)),
        ("help newcomers", ProposeCommand("help newcomers", None)),
        ("👍", ProposeCommand("👍", None)),
        ("<!channel> {{ x }} ```a  b```", ProposeCommand("<!channel> {{ x }} ```a  b```", None)),
        ("", ProposeHelp(None)),
        (" \n\u200b", ProposeHelp(None)),
        ("help", ProposeHelp(None)),
    ],
)
def test_the_proposal_is_understood(typed, command):
    assert understand_proposal(typed) == command


@pytest.mark.parametrize(
    ("typed", "told"), [("for 10m", "before the time"), ("x" * 100_000, "100,000"), ("x" * 2_001, "2,000")]
)
def test_what_is_wrong_is_said_in_a_sentence(typed, told):
    answer = understand_proposal(typed)

    assert isinstance(answer, ProposeHelp)
    assert told in (answer.problem or "")


def test_the_longest_proposal_counts_without_its_time():
    assert understand_proposal("x" * 2_000 + " for 10m") == ProposeCommand("x" * 2_000, TEN_MINUTES)


@pytest.mark.parametrize("piece", ["for ", " for 3", "for  \n"])
def test_endless_text_is_answered_at_once(piece):
    assert isinstance(understand_proposal(piece * 20_000), ProposeHelp)


@given(st.text())
def test_the_text_is_kept_as_typed(typed):
    command = understand_proposal(typed)

    if isinstance(command, ProposeCommand):
        assert command.text
        assert typed.strip().startswith(command.text)


ANA, BEN, CY, DEVS = "U0ANA", "U0BEN", "U0CY", "S0DEVS"
A, B, C, D = (mention(key) for key in (ANA, BEN, CY, DEVS))
TWO_THIRDS, ABSOLUTE = Rule(RuleName.TWO_THIRDS), Rule(RuleName.ABSOLUTE_MAJORITY)
SESSION, CHANNEL = RollWish("session"), RollWish("channel")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("rule=two-thirds Drop it", {"rule": TWO_THIRDS}),
        ("RULE=Two-Thirds Drop it", {"rule": TWO_THIRDS}),
        ("rule=2/3 Drop it for 10m", {"rule": TWO_THIRDS, "duration": TEN_MINUTES}),
        ("for=10m rule=2/3\nDrop it", {"rule": TWO_THIRDS, "duration": TEN_MINUTES}),
        ("rule=60% Drop it", {"rule": Rule(RuleName.SHARE, 60)}),
        ("rule=60% of cast Drop it", {"rule": Rule(RuleName.SHARE, 60)}),
        ("rule=60%-of-roll roll=session Drop it", {"rule": Rule(RuleName.SHARE, 60, Base.ROLL), "roll": SESSION}),
        ("rule=60% of the roll roll=session Drop it", {"rule": Rule(RuleName.SHARE, 60, Base.ROLL), "roll": SESSION}),
        ("quorum=5 Drop it", {"quorum": Quorum(count=5)}),
        ("roll=channel quorum=50% Drop it", {"quorum": Quorum(percent=50), "roll": CHANNEL}),
        ("rule=absolute-majority roll=Session Drop it", {"rule": ABSOLUTE, "roll": SESSION}),
        (f"roll={A} Drop it", {"roll": RollWish("people", (ANA,))}),
        (f"roll={A},{B},{A} Drop it", {"roll": RollWish("people", (ANA, BEN))}),
        (f"roll={A} , {B} {C} Drop it", {"roll": RollWish("people", (ANA, BEN, CY))}),
        (f"roll={A}, {B}, Drop it", {"roll": RollWish("people", (ANA, BEN))}),
        (f"roll={D} recused={B} Drop it", {"roll": RollWish("people", (DEVS,), recused=(BEN,))}),
        (f"recused={B} {C} roll=session Drop it", {"roll": RollWish("session", recused=(BEN, CY))}),
        (f"roll=session -{B} +{A} -{C},{D} Drop it", {"roll": RollWish("session", (), (ANA,), (BEN, CY, DEVS))}),
        (
            f"roll=channel -{B} rule=2/3 recused={C} Drop it",
            {"rule": TWO_THIRDS, "roll": RollWish("channel", recused=(CY, BEN))},
        ),
    ],
)
def test_options_are_understood_in_any_order(typed, said):
    assert understand_proposal(typed) == ProposeCommand(**{"text": "Drop it", "duration": None, **said})


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("x=5 is enough", "x=5 is enough"),
        ("quorum=5 x=5 is enough", "x=5 is enough"),
        ("quorum=5 Write rule=2/3 into the charter", "Write rule=2/3 into the charter"),
        ("rules=5 are too many", "rules=5 are too many"),
        ("rule = two-thirds", "rule = two-thirds"),
        ("for=1h Pause the builds for 10m", "Pause the builds for 10m"),
        (f"+{A} as our second chair", f"+{A} as our second chair"),
        (f"quorum=5 -{A} from the list", f"-{A} from the list"),
        (f"roll=session {A} is our chair", f"{A} is our chair"),
        (f"roll={A} {B}'s draft", f"{B}'s draft"),
        (f"roll=session +{A}'s draft", f"+{A}'s draft"),
        ("quorum=5 <!channel>  a\n\n- b", "<!channel>  a\n\n- b"),
    ],
)
def test_whatever_is_no_option_begins_the_text(typed, text):
    command = understand_proposal(typed)

    assert isinstance(command, ProposeCommand)
    assert command.text == text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("rule=most Drop it", "absolute-majority"),
        ("rule= Drop it", "absolute-majority"),
        ("rule=0% Drop it", "1 to 100"),
        ("rule=101% Drop it", "1 to 100"),
        (f"rule={A} Drop it", "1 to 100"),
        ("quorum=half Drop it", "quorum=5"),
        ("quorum=0 Drop it", "quorum=5"),
        ("roll=call at nine", "roll=@ana"),
        ("roll=@devs Drop it", "Slack completes"),
        (f"roll=session,{A} Drop it", "roll=@ana"),
        ("recused=me roll=session Drop it", "recused=@ana"),
        ("recused= roll=session Drop it", "recused=@ana"),
        (f"recused={A} Drop it", "add `roll=session`"),
        ("for=ages Drop it", "for=10m"),
        ("for=8d Drop it", "seven days"),
        ("rule=2/3 RULE=3/4 Drop it", "twice"),
        ("rule=absolute-majority Drop it", "add `roll=session`"),
        ("rule=60% of roll Drop it", "add `roll=session`"),
        ("quorum=50% Drop it", "add `roll=session`"),
        ("rule=2/3", "after the options"),
        ("rule=2/3 for=10m", "after the options"),
        ("rule=2/3 for 10m", "before the time"),
        ("rule=2/3 " + "x" * 2_001, "2,001"),
    ],
)
def test_an_option_that_is_wrong_is_said_in_a_sentence(typed, told):
    answer = understand_proposal(typed)

    assert isinstance(answer, ProposeHelp)
    assert told in (answer.problem or "")


def test_the_longest_proposal_counts_without_its_options():
    command = understand_proposal("quorum=5 " + "x" * 2_000)

    assert isinstance(command, ProposeCommand)
    assert command.text == "x" * 2_000


@pytest.mark.parametrize(
    "typed",
    [
        "rule=2/3 " * 20_000,
        f"roll=session {f'-{A} ' * 10_000}Drop it",
        f"roll={f'{A} ' * 10_000}{B}'s",
        f"roll={A}{' ' * 50_000}x",
        f"roll={f'{A}     ' * 5_000}x",
        "roll=" + "\ue000" * 50_000,
        "rule=" + "6" * 50_000,
    ],
)
def test_endless_options_are_answered_at_once(typed):
    before = process_time()
    understand_proposal(typed)

    assert process_time() - before < 1
