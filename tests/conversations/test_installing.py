"""Installing by OAuth: what somebody sees who does it, and what becomes of those who come astray."""

from collections.abc import Callable

import pytest

from bot.vault import new_key
from tests.conversations.estate import Estate
from tests.conversations.room import shown
from tests.databases import locked

AGAIN = '<a href="/slack/install">'


def test_a_workspace_installs_the_app_and_holds_a_gathering(estates: Callable[..., Estate], delivery: str) -> None:
    estate = estates(delivery=delivery)

    browser = estate.installs()

    assert browser.status == 200
    assert "Folkmoot is in Testville" in browser.page
    assert "/invite @folkmoot" in browser.page
    assert "/topic Hello" in browser.page
    assert "Releases" in estate.says("ana", "/topic Releases")
    assert "Releases" in estate.card()


def test_the_token_is_stored_sealed_and_never_logged(estate: Estate, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG", logger="bot"):
        estate.installs()
        estate.says("ana", "/topic Releases")

    token = estate.site.backstage.bot_token
    assert token.startswith("xoxb-")
    assert token not in estate.stored()
    assert token not in caplog.text
    assert "installed in a workspace" in caplog.text


def test_nothing_is_asked_of_slack_for_what_it_delivers(estate: Estate) -> None:
    estate.installs()
    asked = len(estate.calls("auth.test"))
    for number in range(5):
        estate.says("ana", f"/note {number}")
        estate.says("ben", f"hello {number}")

    assert len(estate.calls("auth.test")) == asked


def test_whoever_says_no_is_told_that_nothing_has_changed(estate: Estate) -> None:
    browser = estate.browser()
    browser.opens("/slack/install")
    browser.opens(browser.consents(allow=False))

    assert browser.status == 200
    assert "Nothing was installed" in browser.page
    assert "You did not allow it" in browser.page
    assert AGAIN in browser.page


def test_the_way_back_from_slack_is_good_once(estate: Estate) -> None:
    browser = estate.browser()
    browser.opens("/slack/install")
    cookie, back = browser.cookie, browser.consents()
    browser.opens(back)
    assert "Folkmoot is in Testville" in browser.page

    browser.cookie = cookie
    browser.opens(back)

    assert (browser.status, AGAIN in browser.page) == (401, True)
    assert "once and within ten minutes" in browser.page


def test_the_way_back_from_slack_is_good_for_ten_minutes(estate: Estate) -> None:
    browser = estate.browser()
    browser.opens("/slack/install")
    estate.passes(minutes=10, seconds=1)
    browser.opens(browser.consents())

    assert browser.status == 401
    assert "once and within ten minutes" in browser.page


def test_the_way_back_from_slack_is_good_in_the_browser_that_set_out(estate: Estate) -> None:
    """Otherwise somebody could be made to install what another one has begun."""
    mallory, ana = estate.browser(), estate.browser()
    mallory.opens("/slack/install")
    ana.opens("/slack/install")
    ana.opens(mallory.consents(by="ben"))

    assert ana.status == 400
    assert "in the same browser" in ana.page


def test_nobody_gets_in_by_an_address_of_their_own_making(estate: Estate) -> None:
    for made_up in ("", "?code=1.2.3", "?state=s&code=1", "?state=&code="):
        browser = estate.browser()
        browser.opens(f"/slack/oauth_redirect{made_up}")
        assert browser.status == 400
        assert AGAIN in browser.page
    assert estate.calls("oauth.v2.access") == []


def test_what_somebody_puts_into_the_address_goes_nowhere(estate: Estate) -> None:
    browser = estate.browser()
    browser.opens("/slack/install?team=T1%26redirect_uri%3Dhttps%3A%2F%2Fevil.example&scope=admin")
    assert browser.sent_to.startswith(f"{estate.stage.url}/oauth/v2/authorize?")
    assert "evil" not in browser.sent_to
    assert "admin" not in browser.sent_to

    browser.opens("/slack/oauth_redirect?error=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "script>" not in browser.page
    assert "Something went wrong on the way" in browser.page


def test_a_workspace_with_a_strange_name_is_shown_by_it(estate: Estate) -> None:
    browser = estate.has_workspace('<b onclick="x">Bold & Sons</b>', alike=False).installs()

    assert browser.status == 200
    assert "Folkmoot is in &lt;b onclick=&quot;x&quot;&gt;Bold &amp; Sons&lt;/b&gt;" in browser.page


def test_where_slack_does_not_answer_nothing_is_installed_and_the_log_keeps_the_code_to_itself(
    estate: Estate, caplog: pytest.LogCaptureFixture
) -> None:
    for fault, how in (("error", {"error": "fatal_error"}), ("hang_up_before", {}), ("status", {"status": 503})):
        estate.fails(fault, method="oauth.v2.access", times=1, **how)
        browser = estate.browser()
        browser.opens("/slack/install")
        back = browser.consents()
        browser.opens(back)
        code = back.partition("code=")[2].partition("&")[0]

        assert "Something went wrong on the way" in browser.page
        assert code
        assert code not in caplog.text

    assert "Folkmoot is in Testville" in estate.installs().page


@pytest.mark.engine("sqlite")
def test_what_cannot_be_stored_is_not_said_to_be_installed(estate: Estate) -> None:
    browser = estate.browser()
    browser.opens("/slack/install")
    back = browser.consents()
    with locked(estate.database):
        browser.opens(back)

    assert browser.status == 500
    assert "Something went wrong on the way" in browser.page
    assert "Folkmoot is in Testville" in estate.installs().page


def test_the_pages_are_kept_by_no_cache_and_tell_no_other_site_the_code(estate: Estate) -> None:
    browser = estate.installs()
    headers = browser.headers

    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Content-Type"] == "text/html"
    assert '<meta charset="utf-8">' in browser.page


def test_the_bot_that_comes_again_speaks_by_what_is_stored(estate: Estate) -> None:
    estate.installs()
    estate.says("ana", "/topic Releases")
    estate.bot_goes()
    estate.bot_comes()
    estate.says("ana", "/note It goes on")

    assert any("It goes on" in text for text in estate.thread("1. Releases"))
    assert [shown(each) for each in estate.channel() if "Sign in" in shown(each)]


def test_the_doctor_says_where_a_token_will_not_do_and_sums_up_where_all_is_right(estate: Estate) -> None:
    assert estate.doctor() == ["good     Workspaces: the app is in none yet: it is installed from /slack/install."]

    others = [estate.has_workspace(name, alike=False) for name in ("Elsewhere", "Nowhere", "Somewhere")]
    for each in (estate, *others):
        each.installs()
    assert estate.doctor() == ["good     Workspaces: token and scopes of 4 are right."]

    refused, poor, left = others
    refused.token_is_refused("account_inactive")
    poor.grants_less("pins:write", "reactions:write")
    left.is_uninstalled()

    again = "have the app installed there again, at /slack/install."
    assert sorted(estate.doctor()) == [
        "good     Workspaces: token and scopes of 1 are right.",
        f"to do    Workspaces: Slack does not accept the token of {refused.team} (account_inactive): {again}",
        f"to do    Workspaces: {poor.team} has not granted reactions:write, pins:write: {again}",
    ]


def test_the_doctor_says_which_tokens_no_key_opens(estate: Estate) -> None:
    estate.installs()

    (told,) = estate.doctor(TOKEN_KEYS=new_key())

    put_back = "put the key back that it was sealed with, or have the app installed there again, at /slack/install."
    assert told == f"to do    Workspaces: no key in TOKEN_KEYS opens the token of {estate.team}: {put_back}"
