"""More workspaces than the page shows, and the page where one lets the app into them, in a real browser."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.page.conftest import Theatre

Opener = Callable[..., Page]


def there_is_another_workspace(theatre: Theatre) -> None:
    async def added() -> None:
        theatre.stage.add_workspace()

    theatre.wait(added())


def test_the_page_says_that_there_are_workspaces_which_it_does_not_show(open_page: Opener, theatre: Theatre) -> None:
    page = open_page("ana")
    expect(page.locator("#sidebar h1")).to_have_text("Testville")
    expect(page.locator("#others")).to_have_count(0)

    there_is_another_workspace(theatre)

    expect(page.locator("#others")).to_have_text("There are more workspaces, which this page does not show: Elsewhere.")


@pytest.mark.parametrize(("press", "told"), [("Allow", "code"), ("Cancel", "error")])
def test_in_a_browser_one_chooses_a_workspace_and_is_sent_back_to_the_app(
    open_page: Opener, theatre: Theatre, press: str, told: str
) -> None:
    there_is_another_workspace(theatre)
    page, client = open_page("ana"), theatre.stage.backstage.app.client_id
    page.route("http://127.0.0.1/slack/**", lambda route: route.fulfill(body="Back at the app"))

    page.goto(f"{theatre.stage.url}/oauth/v2/authorize?client_id={client}&scope=chat:write,commands&state=mine")
    page.get_by_label("Into which workspace, and as whom").select_option("Elsewhere, as Eva Novak")
    page.get_by_role("button", name=press).click()

    expect(page.get_by_text("Back at the app")).to_be_visible()
    answer = parse_qs(urlsplit(page.url).query)
    assert answer["state"] == ["mine"]
    assert told in answer
