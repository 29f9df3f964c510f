"""Several workspaces and one bot: whatever has the same id in two of them, nothing crosses; and how one leaves."""

from collections.abc import Callable

import pytest

from tests.conversations.estate import Estate, GrandEstate
from tests.conversations.room import Room, shown

Pair = tuple[Estate, Estate]


@pytest.fixture
def pair(estate: Estate) -> Pair:
    """Two workspaces whose channels and people have the same ids; the app is in both."""
    neighbour = estate.has_workspace()
    for each in (estate, neighbour):
        each.installs()
    assert estate.home.id == neighbour.home.id
    return estate, neighbour


def everything(room: Estate) -> str:
    """All that anybody in this workspace sees of the bot."""
    workspace = room.site.backstage.workspace
    people = [person.handle for person in workspace.people.values() if not person.is_bot]
    seen = [shown(each) for name in workspace.channels for who in people for each in _seen(room, name, who)]
    return "\n".join([*seen, *room.recaps()])


def _seen(room: Estate, channel: str, who: str) -> list[dict[str, object]]:
    workspace = room.site.backstage.workspace
    place, person = workspace.channels[channel], workspace.person_called(who)
    assert person is not None
    return [{"text": each.text, "blocks": each.blocks} for each in workspace.visible_to(person, place)]


def gathers(room: Estate, word: str) -> None:
    """A session with something of everything, in which all that is said has `word` in it."""
    room.says("ana", f"/session start {word} day for 2h at {word} hall")
    room.says("ana", f"/topic {word} plans")
    room.says("ana", f"/note {word} note")
    room.says("ana", f"#action write the {word} guide")
    room.says("ana", f"https://github.com/o/{word}/issues/1 is the issue of {word}")
    room.says("ana", f"/decide {word} it is")
    room.says("ana", f"/propose {word} first for 30m")


def test_two_gatherings_at_once_see_nothing_of_each_other(pair: Pair) -> None:
    here, there = pair
    gathers(here, "Apple")
    gathers(there, "Pear")
    here.reacts("ana", "+1", to="Apple first")
    there.reacts("ana", "-1", to="Pear first")
    here.passes(minutes=31)
    assert "1 for, 0 against" in here.ballot("Apple first")
    assert "0 for, 1 against" in there.ballot("Pear first")
    here.says("ana", "/session end")
    assert there.digests() == []
    there.says("ana", "/session end")
    here.passes(minutes=1)

    assert (len(here.digests()), len(there.digests())) == (1, 1)
    assert len(here.recaps()) == len(there.recaps()) == 1
    assert "Pear" not in everything(here)
    assert "Apple" not in everything(there)
    assert "Apple hall" in everything(here)
    assert "Pear hall" in everything(there)


def test_people_with_the_same_id_are_two_people(pair: Pair) -> None:
    here, there = pair
    for each, word in ((here, "Apples"), (there, "Pears")):
        each.says("ana", f"/session start {word}")
    here.clicks("ana", "Sign in", on="Apples")
    here.fills("ana", organisation="Orchard", country="")

    there.clicks("ana", "Sign in", on="Pears")

    assert "Orchard" not in str(there.dialog("ana"))
    there.fills("ana", organisation="Meadow", country="")
    mine, theirs = (here.folkmoot("recap", "--session", number) for number in "12")
    assert "Ana Ruiz" in mine
    assert "Orchard" in mine
    assert "Meadow" in theirs
    assert "Ana Lindqvist" in theirs
    assert "Orchard" not in theirs
    assert "Ana Ruiz" not in theirs


def test_an_undo_takes_back_only_what_is_ones_own_workspaces(pair: Pair) -> None:
    here, there = pair
    for each, word in ((here, "Apple"), (there, "Pear")):
        each.says("ana", f"/session start {word}")
        each.says("ana", f"/note {word} one")
        each.says("ana", f"/note {word} two")

    assert "Pear one" in there.says("ana", "/session undo 1")

    assert here.record_of(1) == ["Apple one", "Apple two"]
    assert there.record_of(2) == ["Pear two"]


def test_a_button_of_another_workspaces_ballot_moves_nothing(pair: Pair) -> None:
    here, there = pair
    for each, word in ((here, "Apples"), (there, "Pears")):
        each.says("ana", f"/topic {word}")
        each.says("ana", f"/propose {word} first")
    elements = [each for block in here.ballot_message("Apples first")["blocks"] for each in block.get("elements", ())]
    (close,) = [each for each in elements if each.get("type") == "button" and each["text"]["text"] == "Close now"]

    there.clicks_forged(close, by="ana")
    here.passes(minutes=1)

    assert [each["outcome"] for each in here.proposals()] == ["open", "open"]


def test_whoever_commands_where_the_bot_is_not_is_told_in_their_own_workspace(pair: Pair) -> None:
    here, there = pair
    for each in pair:
        each.has_channel("kitchen", with_bot=each is there)
    there.says("ana", "/topic Pears", channel="kitchen")
    here.says("ana", "/topic Apples", channel="kitchen")

    assert any("/invite" in text for text in here.whispers("ana", "kitchen"))
    assert not any("/invite" in text for text in there.whispers("ana", "kitchen"))


def test_the_command_line_names_the_workspace_where_there_are_several(pair: Pair) -> None:
    here, there = pair
    for each, word in ((here, "Apples"), (there, "Pears")):
        each.says("ana", f"/topic {word}")
        each.says("ana", f"/propose {word} first")

    for command in (("sessions",), ("proposals",), ("recount", "V1")):
        told = here.folkmoot(*command)
        assert "Testville" in told, command
        assert "Elsewhere" in told, command
    assert [each["workspace"] for each in here.proposals()] == ["Testville (T0TEST)", "Elsewhere (T0ELSEWHERE)"]
    assert "author: Testville" in here.folkmoot("recap", "--session", "1")
    assert "author: Elsewhere" in here.folkmoot("recap", "--session", "2")


def test_in_a_shared_channel_an_event_belongs_to_the_workspace_by_which_it_comes(pair: Pair) -> None:
    here, there = pair
    here.says("ana", "/topic Apples")
    there.says("ana", "/topic Pears")
    event = {"type": "message", "channel": here.home.id, "user": "U0ANA", "text": "#info from afar"}
    event |= {"ts": f"{here.now_s}.900000", "event_ts": f"{here.now_s}.900000", "channel_type": "channel"}
    through = [{"team_id": here.team, "user_id": here.site.bot.id, "is_bot": True, "enterprise_id": None}]
    there.told(event, authorizations=through)

    assert here.record_of(1) == ["from afar"]
    assert here.record_of(2) == []


# Leaving


def test_nothing_is_found_or_seen_at_home_of_another_workspace(pair: Pair) -> None:
    here, there = pair
    here.says("ana", "/session start Here")
    here.says("ana", "/action @ana buys the pump")
    there.says("ana", "/session start There")
    there.says("ana", "/decide Sell the pump")

    here.says("ana", "/session search pump")
    there.says("ana", "/session search pump")
    here.opens_home("ana")
    there.opens_home("ana")

    assert "buys the pump" in here.whispers("ana")[-1]
    assert "Sell the pump" not in here.whispers("ana")[-1]
    assert "Sell the pump" in there.whispers("ana")[-1]
    assert "buys the pump" not in there.whispers("ana")[-1]
    assert "buys the pump" in here.home_of("ana")
    assert "There" not in here.home_of("ana")
    assert "There in #" in there.home_of("ana")
    assert "buys the pump" not in there.home_of("ana")
    there.says("ana", "/action list")
    assert "You have no open actions." in there.says("ana", "/action list")
    number = here.home_of("ana").split(" @Ana")[0].split()[-1]
    assert "There is no action" in there.says("ana", f"/action done {number}")
    assert "☑️ Done" in here.says("ana", f"/action done {number}")


@pytest.mark.parametrize("first", ["app_uninstalled", "tokens_revoked"])
def test_a_workspace_that_uninstalls_is_left_alone_at_once_and_the_other_goes_on(pair: Pair, first: str) -> None:
    here, there = pair
    for each in pair:
        each.says("ana", "/session start Docs day for 1h")
        each.says("ana", "/propose Ship it for 30m")

    there.is_uninstalled(first=first, twice=True)
    called = len(there.calls_here())
    here.passes(hours=2)

    assert there.calls_here()[called:] == []
    assert len(here.digests()) == 1
    assert there.digests() == []
    assert here.gets("/readyz")[1]["outbox"] == {"waiting": 0, "blocked": 0, "oldest_due_s": 0.0}
    assert here.folkmoot("check") == "The database is consistent.\n"


def test_it_is_erased_after_the_stated_days_and_the_other_stays(pair: Pair) -> None:
    here, there = pair
    for each, word in ((here, "Apple"), (there, "Pear")):
        gathers(each, word)
    there.is_uninstalled()
    here.says("ana", "/session end")
    here.passes(hours=29 * 24)
    assert "Pear plans" in here.stored()

    here.passes(hours=26)

    stored = here.stored()
    for gone in ("Pear", "T0ELSEWHERE", "Ana Lindqvist"):
        assert gone not in stored, gone
    assert "Apple plans" in stored
    assert "Ana Ruiz" in stored
    here.says("ana", "/note We are still here")
    assert "Elsewhere" not in here.folkmoot("sessions")


def test_who_installs_it_again_in_time_goes_on_with_the_same_record(pair: Pair) -> None:
    here, there = pair
    there.says("ana", "/session start Docs day for 1h")
    there.says("ana", "/topic Pears")
    there.is_uninstalled()
    here.passes(hours=5)
    assert there.digests() == []

    there.installs(by="ana")
    there.joins("folkmoot")
    here.passes(minutes=5)

    (digest,) = there.digests()
    assert "Pears" in digest
    assert "I was away" in digest
    assert here.texts() == []


def test_news_of_an_uninstalling_that_come_after_a_new_installation_undo_nothing(pair: Pair) -> None:
    _, there = pair
    left_at = there.now_s
    there.is_uninstalled()
    there.passes(minutes=1)
    there.installs()
    there.joins("folkmoot")
    for event in ({"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0BOT"]}}):
        there.told(event, event_time=left_at)

    there.says("ana", "/topic Pears")
    assert "Pears" in there.card()


def test_tokens_of_people_are_none_of_ours(pair: Pair) -> None:
    here, _ = pair
    here.told({"type": "tokens_revoked", "tokens": {"oauth": ["U0ANA"], "bot": []}})

    here.says("ana", "/topic Apples")
    assert "Apples" in here.card()


@pytest.mark.parametrize("error", ["account_inactive", "token_revoked", "invalid_auth"])
def test_a_token_that_slack_refuses_ends_that_workspaces_duties_and_no_others(
    pair: Pair, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    here, there = pair
    for each in pair:
        each.says("ana", "/session start Docs day for 1h")
    token = there.site.backstage.bot_token
    there.token_is_refused(error)
    called = len(there.calls_here())
    here.passes(hours=3)

    assert len(there.calls_here()) - called in (1, 2), "the warning, and perhaps the card, and then no more"
    assert len(here.digests()) == 1
    assert "a workspace's token is void" in caplog.text
    assert token not in caplog.text


def test_who_is_refused_and_installs_again_gets_what_is_still_owed(pair: Pair) -> None:
    here, there = pair
    there.says("ana", "/session start Docs day for 1h")
    there.token_is_refused("token_revoked")
    here.passes(hours=3)
    assert there.digests() == []

    there.installs()
    there.passes(minutes=2)

    assert len(there.digests()) == 1


def test_what_slack_still_delivers_of_an_uninstalled_workspace_is_answered_and_not_kept(pair: Pair) -> None:
    _, there = pair
    there.is_uninstalled()
    before = there.stored()
    event = {"type": "message", "channel": there.home.id, "user": "U0ANA", "text": "#startmeeting Late"}
    there.told(event | {"ts": f"{there.now_s}.9", "event_ts": f"{there.now_s}.9", "channel_type": "channel"})

    assert there.stored() == before


@pytest.mark.engine("postgres")
def test_web_and_worker_processes_know_an_installation_and_its_end(
    grand_estates: Callable[..., GrandEstate],
) -> None:
    here = grand_estates(webs=2, workers=2)
    there = here.has_workspace()
    for each in (here, there):
        browser = each.browser()
        browser.opens(f"http://127.0.0.1:{here.another_port}/slack/install")
        browser.opens(browser.consents())
        assert "Folkmoot is in" in browser.page, "another process had sent them to Slack"
        each.says("ana", "/session start Docs day for 1h")
    assert "Docs day" in here.card()
    assert "Docs day" in there.card()

    there.is_uninstalled()
    called = len(there.calls_here())
    here.passes(hours=2)

    assert len(here.digests()) == 1
    assert there.calls_here()[called:] == []


def test_one_workspace_by_a_token_does_not_care_for_news_of_installations(rooms: Callable[..., Room]) -> None:
    room = rooms()
    room.hears_event({"type": "app_uninstalled"})
    room.says("ana", "/topic Apples")

    assert "Apples" in room.card()
