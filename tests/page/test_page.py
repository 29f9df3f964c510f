"""The page of the rehearsal, as somebody at it sees and uses it."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import APIResponse, Locator, Page, Route, TimeoutError, expect

from tests.page.conftest import Theatre

Opener = Callable[..., Page]

HOSTILE = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script> &amp; <b>bold</b>'


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}


def button(label: str, action_id: str, **fields: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(label), "action_id": action_id, "value": "1", **fields}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def sign_in_view() -> dict[str, Any]:
    country = {
        "type": "static_select",
        "action_id": "country",
        "placeholder": plain("Choose a country"),
        "option_groups": [
            {"label": plain("C"), "options": [{"text": plain("China"), "value": "CN"}]},
            {"label": plain("S"), "options": [{"text": plain("Spain"), "value": "ES"}]},
        ],
    }
    organisation = {"type": "plain_text_input", "action_id": "organisation", "max_length": 100}
    return {
        "type": "modal",
        "callback_id": "sign_in",
        "title": plain("Sign in"),
        "submit": plain("Sign in"),
        "close": plain("Cancel"),
        "blocks": [
            {"type": "input", "block_id": "organisation", "label": plain("Organisation"), "element": organisation},
            {"type": "input", "block_id": "country", "label": plain("Country"), "element": country, "optional": True},
        ],
    }


def type_and_send(page: Page, text: str) -> None:
    box = page.locator("#composer-text")
    box.fill(text)
    box.press("Enter")


def message(page: Page, text: str) -> Locator:
    return page.locator("#log .message").filter(has_text=text)


def test_a_message_is_sent_as_the_chosen_person(theatre: Theatre, open_page: Opener) -> None:
    page = open_page("ben")
    type_and_send(page, "Good morning, *everybody*")
    sent = message(page, "Good morning, everybody")
    expect(sent.locator(".author")).to_have_text(re.compile("ben", re.I))
    expect(sent.locator("strong")).to_have_text("everybody")
    expect(page.locator("#composer-text")).to_have_value("")
    assert theatre.stage.channel_export()[-1]["user"] == theatre.id_of("ben")


def test_shift_enter_makes_a_new_line_and_messages_of_one_person_stand_together(open_page: Opener) -> None:
    page = open_page("ana")
    page.locator("#composer-text").press_sequentially("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    page.keyboard.press("Enter")
    type_and_send(page, "three")
    expect(message(page, "three")).to_have_class(re.compile("grouped"))
    assert message(page, "one").locator(".text").inner_text() == "one\ntwo"


def test_what_others_write_appears_by_itself(theatre: Theatre, open_page: Opener) -> None:
    page = open_page("ana")
    theatre.act("chen", "say", text="hello from Shanghai")
    expect(message(page, "hello from Shanghai")).to_be_visible()
    expect(page.locator("#announce")).to_contain_text("hello from Shanghai")


def test_a_command_is_suggested_completed_and_answered_in_private(open_page: Opener) -> None:
    page, other = open_page("ana"), open_page("ben")
    box = page.get_by_role("combobox", name=re.compile("Message #general-moot"))
    box.press_sequentially("/")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options).to_have_count(2)
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_contain_text("Keep a note")
    page.keyboard.press("Tab")
    expect(box).to_have_value("/note ")
    page.keyboard.type("tea at four")
    page.keyboard.press("Enter")
    answer = message(page, "Understood: /note tea at four")
    expect(answer).to_contain_text("Only visible to you")
    type_and_send(other, "after it")
    expect(message(page, "after it")).to_be_visible()
    expect(message(other, "after it")).to_be_visible()
    expect(message(other, "Understood")).to_have_count(0)


def test_an_unknown_command_is_refused_in_one_sentence_and_kept_in_the_box(open_page: Opener) -> None:
    page = open_page("ana")
    type_and_send(page, "/frobnicate now")
    expect(page.get_by_role("alert").first).to_contain_text("/frobnicate is not a valid command.")
    expect(page.locator("#composer-text")).to_have_value("/frobnicate now")


def test_a_reaction_toggles(theatre: Theatre, open_page: Opener) -> None:
    theatre.posts("Tea?")
    theatre.act("ben", "react", on="Tea?", emoji="+1")
    page = open_page("ana")
    pill = message(page, "Tea?").locator(".pill").first
    expect(pill).to_have_text("👍1")
    expect(pill).to_have_attribute("aria-pressed", "false")
    pill.click()
    expect(pill).to_have_text("👍2")
    expect(pill).to_have_attribute("aria-pressed", "true")
    expect(pill).to_have_attribute("data-tip", re.compile(r"Ben .+ and You reacted with :\+1:"))
    expect(pill).to_be_focused()
    page.keyboard.press("Enter")
    expect(pill).to_have_text("👍1")
    expect(pill).to_have_attribute("aria-pressed", "false")


def test_an_emoji_is_picked_with_the_keyboard(theatre: Theatre, open_page: Opener) -> None:
    theatre.posts("Tea?")
    page = open_page("ana")
    message(page, "Tea?").focus()
    message(page, "Tea?").get_by_role("button", name="Add reaction").press("Enter")
    picker = page.get_by_role("dialog", name="Pick a reaction")
    expect(picker.get_by_role("button").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(message(page, "Tea?").locator(".pill").first).to_have_text("⚪1")
    expect(picker).to_have_count(0)


def test_a_thread_opens_beside_and_takes_replies(theatre: Theatre, open_page: Opener) -> None:
    root = theatre.posts("1. Observability")
    theatre.act("ben", "say", text="Prometheus, I think", thread=root)
    page = open_page("chen")
    expect(message(page, "Prometheus, I think")).to_have_count(0)
    message(page, "1. Observability").get_by_role("button", name=re.compile("1 reply")).click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.locator(".message")).to_have_count(2)
    expect(page.locator("#thread-text")).to_be_focused()
    page.keyboard.type("agreed")
    page.keyboard.press("Enter")
    expect(thread.locator(".message").nth(2)).to_contain_text("agreed")
    expect(message(page, "1. Observability").locator(".replies")).to_contain_text("2 replies")
    page.keyboard.press("Escape")
    expect(thread).to_be_hidden()
    expect(message(page, "1. Observability")).to_be_focused()


def test_commands_are_refused_in_threads(theatre: Theatre, open_page: Opener) -> None:
    theatre.posts("1. Observability")
    page = open_page("chen")
    message(page, "1. Observability").hover()
    message(page, "1. Observability").get_by_role("button", name="Reply in thread").click()
    page.keyboard.type("/note this")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("Slash commands cannot be used in threads.")


def test_an_ephemeral_message_is_only_seen_by_its_person(theatre: Theatre, open_page: Opener) -> None:
    page = open_page("ana")
    whisper = {"channel": "C0MOOT", "user": theatre.id_of("ana"), "text": "A word in your ear"}
    theatre.api("chat.postEphemeral", **whisper)
    expect(message(page, "A word in your ear")).to_contain_text("Only visible to you")
    page.get_by_label("Act as").select_option(theatre.id_of("ben"))
    expect(message(page, "A word in your ear")).to_have_count(0)
    page.get_by_label("Act as").select_option(theatre.id_of("ana"))
    expect(message(page, "A word in your ear")).to_have_count(1)
    message(page, "A word in your ear").hover()
    page.get_by_role("button", name="Dismiss").click()
    expect(message(page, "A word in your ear")).to_have_count(0)


def test_a_dialog_is_filled_in_with_the_keyboard_alone(theatre: Theatre, open_page: Opener) -> None:
    theatre.bot.views["sign_in"] = sign_in_view()
    theatre.posts("Card", blocks=[{"type": "actions", "elements": [button("Sign in", "sign_in")]}])
    page = open_page("ana")
    page.get_by_role("button", name="Sign in").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Sign in")
    expect(dialog.get_by_label("Organisation")).to_be_focused()
    page.keyboard.type("Acme")
    page.keyboard.press("Tab")
    expect(dialog.get_by_label("Country")).to_be_focused()
    page.keyboard.type("Spa")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(dialog.get_by_role("button", name="Sign in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Sign in")).to_be_focused()
    (values,) = theatre.bot.submitted
    assert values["organisation"]["organisation"]["value"] == "Acme"
    assert values["country"]["country"]["selected_option"]["value"] == "ES"


def test_a_message_has_a_menu_with_its_shortcuts(theatre: Theatre, open_page: Opener) -> None:
    theatre.bot.views["record_as"] = sign_in_view()
    theatre.posts("It rains")
    page = open_page("ben")
    message(page, "It rains").focus()
    message(page, "It rains").get_by_role("button", name="More actions").press("Enter")
    menu = page.get_by_role("menu", name="More actions")
    expect(menu.get_by_role("menuitem")).to_have_text(["Record as…"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Sign in")).to_be_visible()
    (payload,) = theatre.bot.clicked
    assert (payload["type"], payload["message"]["text"]) == ("message_action", "It rains")


def test_the_composer_has_the_shortcuts_that_are_for_anywhere(theatre: Theatre, open_page: Opener) -> None:
    where = {"type": "conversations_select", "action_id": "where", "default_to_current_conversation": True}
    chooser = {"type": "input", "block_id": "where", "label": plain("Where"), "element": where}
    theatre.bot.views["start"] = sign_in_view() | {"title": plain("Start"), "blocks": [chooser]}
    page = open_page("ben")
    page.get_by_role("button", name="Shortcuts").click()
    menu = page.get_by_role("menu", name="Shortcuts")
    expect(menu.get_by_role("menuitem")).to_have_text(["Start a session", "Propose"])
    menu.get_by_role("menuitem", name="Start a session").click()
    dialog = page.get_by_role("dialog", name="Start")
    expect(dialog.get_by_label("Where")).to_have_value("C0MOOT")
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_have_count(0)
    (values,) = theatre.bot.submitted
    assert values["where"]["where"]["selected_conversation"] == "C0MOOT"


def test_what_is_wrong_in_a_dialog_is_said_at_its_field(theatre: Theatre, open_page: Opener) -> None:
    theatre.bot.views["sign_in"] = sign_in_view()
    theatre.posts("Card", blocks=[{"type": "actions", "elements": [button("Sign in", "sign_in")]}])
    page = open_page("ana")
    page.get_by_role("button", name="Sign in").click()
    dialog = page.get_by_role("dialog", name="Sign in")
    dialog.get_by_role("button", name="Sign in").click()
    organisation = dialog.get_by_label("Organisation")
    expect(organisation).to_have_attribute("aria-invalid", "true")
    expect(organisation).to_have_accessible_description(re.compile("complete this required field"))
    theatre.bot.errors = {"organisation": "Nobody has heard of it."}
    organisation.fill("Nowhere")
    organisation.press("Enter")
    expect(organisation).to_have_accessible_description(re.compile("Nobody has heard of it"))
    expect(organisation).to_have_value("Nowhere")
    organisation.press("Enter")
    expect(dialog).to_have_count(0)


def test_escape_closes_a_dialog_for_the_stage_too(theatre: Theatre, open_page: Opener) -> None:
    theatre.bot.views["sign_in"] = sign_in_view()
    theatre.posts("Card", blocks=[{"type": "actions", "elements": [button("Sign in", "sign_in")]}])
    page = open_page("ana")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("dialog", name="Sign in")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Sign in")).to_have_count(0)
    page.reload()
    expect(page.locator("#composer-text")).to_be_focused()
    expect(page.get_by_role("dialog", name="Sign in")).to_have_count(0)


def test_a_button_that_wants_a_confirmation_asks_first(theatre: Theatre, open_page: Opener) -> None:
    confirm = {
        "title": plain("End the session?"),
        "text": plain("It cannot be opened again."),
        "confirm": plain("End it"),
        "deny": plain("Not yet"),
        "style": "danger",
    }
    ending = button("End", "session_end", style="danger", confirm=confirm)
    theatre.posts("Card", blocks=[{"type": "actions", "elements": [ending]}])
    page = open_page("ana")
    page.get_by_role("button", name="End", exact=True).click()
    page.get_by_role("dialog", name="End the session?").get_by_role("button", name="Not yet").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert theatre.bot.clicked == []
    page.get_by_role("button", name="End", exact=True).click()
    with page.expect_response("**/stage/act"):
        page.get_by_role("button", name="End it").click()
    assert [click["action_id"] for click in theatre.bot.clicked] == ["session_end"]


def test_a_card_redrawn_under_the_hands_keeps_the_focus(theatre: Theatre, open_page: Opener) -> None:
    blocks = [{"type": "actions", "block_id": "b", "elements": [button("Extend", "extend")]}]
    ts = theatre.posts("Card", blocks=blocks)
    page = open_page("ana")
    page.get_by_role("button", name="Extend").focus()
    theatre.api("chat.update", channel="C0MOOT", ts=ts, text="Card", blocks=[section("until 16:15"), *blocks])
    expect(message(page, "until 16:15")).to_be_visible()
    expect(page.get_by_role("button", name="Extend")).to_be_focused()


def test_one_changes_and_deletes_one_s_own_messages(open_page: Opener) -> None:
    page = open_page("dia")
    type_and_send(page, "tee & <biscuits>")
    message(page, "tee & <biscuits>").hover()
    page.get_by_role("button", name="Edit").click()
    box = page.get_by_label("Edit message")
    expect(box).to_have_value("tee & <biscuits>")
    box.fill("tea & <biscuits>")
    box.press("Enter")
    expect(message(page, "tea & <biscuits>")).to_contain_text("(edited)")
    message(page, "tea & <biscuits>").get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(message(page, "tea & <biscuits>")).to_have_count(0)


def test_hostile_text_is_text_everywhere(theatre: Theatre, open_page: Opener) -> None:
    mrkdwn = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    rich = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": HOSTILE}]}],
    }
    blocks = [
        {"type": "header", "text": plain(HOSTILE)},
        section(mrkdwn),
        {"type": "section", "text": plain(HOSTILE)},
        rich,
        {"type": "actions", "elements": [button(HOSTILE[:70], "x")]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": mrkdwn}]},
    ]
    theatre.posts("Hostile", blocks=blocks)
    theatre.act("ana", "say", text=HOSTILE)
    page = open_page("ben")
    said = page.locator("#log .message .text").filter(has_text="onerror")
    expect(said).to_have_text(HOSTILE)
    card = page.locator("#log .blocks")
    expect(card.locator(".b-header, .b-text, .rich-section")).to_have_text([HOSTILE] * 5)
    assert page.locator("#log .content").locator("script, img, b, iframe, [onerror]").count() == 0
    assert page.evaluate("window.pwned") is None


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil"])
def test_links_go_only_where_a_chat_goes(theatre: Theatre, open_page: Opener, address: str) -> None:
    link = {"type": "link", "url": address, "text": "the pad"}
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [link]}]}
    theatre.posts("Links", blocks=[section(f"<{address}|the minutes>"), rich])
    page = open_page("ben")
    card = message(page, "the minutes")
    expect(card).to_contain_text("the pad")
    assert card.get_by_role("link").count() == 0


def test_a_link_to_a_message_jumps_to_it(theatre: Theatre, open_page: Opener) -> None:
    ts = theatre.posts("The very first")
    for number in range(40):
        theatre.act("ana", "say", text=f"chatter {number}\n\n")
    link = theatre.api("chat.getPermalink", channel="C0MOOT", message_ts=ts)["permalink"]
    theatre.posts(f"See <{link}|the beginning>")
    page = open_page("ben")
    expect(page.get_by_text("The very first")).not_to_be_in_viewport()
    page.get_by_role("link", name="the beginning").click()
    expect(page.get_by_text("The very first")).to_be_in_viewport()
    expect(message(page, "The very first")).to_be_focused()


def test_a_reader_who_has_scrolled_up_is_left_in_peace(theatre: Theatre, open_page: Opener) -> None:
    for number in range(60):
        theatre.act("ana", "say", text=f"chatter {number}")
    page = open_page("ben")
    expect(page.get_by_text("chatter 59", exact=True)).to_be_in_viewport()
    theatre.act("ana", "say", text="and on")
    expect(page.get_by_text("and on", exact=True)).to_be_in_viewport()
    page.locator("#log").focus()
    page.keyboard.press("Home")
    expect(page.get_by_text("chatter 0", exact=True)).to_be_in_viewport()
    theatre.act("ana", "say", text="breaking news")
    newer = page.get_by_role("button", name="1 new message")
    expect(newer).to_be_visible()
    expect(page.get_by_text("chatter 0", exact=True)).to_be_in_viewport()
    newer.click()
    expect(page.get_by_text("breaking news", exact=True)).to_be_in_viewport()
    expect(newer).to_be_hidden()


def test_times_are_told_in_the_acting_person_s_zone(theatre: Theatre, open_page: Opener) -> None:
    date = {"type": "date", "timestamp": 1776171600, "format": "{time}", "fallback": "13:00 UTC"}
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [date]}]}
    theatre.posts("Until", blocks=[rich, section("<!date^1776171600^{time}|13:00 UTC>")])
    page = open_page("ana")
    card = page.locator("#log .blocks")
    expect(card.locator("time")).to_have_text(["15:00", "15:00"])
    page.get_by_label("Act as").select_option(theatre.id_of("dia"))
    expect(card.locator("time")).to_have_text(["18:30", "18:30"])


def test_a_file_is_read_in_the_page_and_can_be_kept(theatre: Theatre, open_page: Opener) -> None:
    recap = "# Recap\n\n<b>not bold</b>\n"
    theatre.act("ana", "upload", filename="recap.md", content=recap, text="the recap")
    page = open_page("ben")
    page.get_by_role("button", name="recap.md").click()
    shown = page.get_by_role("dialog", name="recap.md")
    expect(shown.locator("pre")).to_have_text(recap)
    page.keyboard.press("Escape")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download recap.md").click()
    assert download.value.suggested_filename == "recap.md"
    assert download.value.path().read_text(encoding="utf-8") == recap


def test_what_is_about_to_be_replaced_cannot_be_pressed(theatre: Theatre, open_page: Opener) -> None:
    theatre.act("ana", "upload", filename="recap.md", content="# Recap", text="the recap")
    page, asked = open_page("ben"), list[Route]()
    page.route("**/stage/channels/*/messages?*", lambda route: asked.append(route), times=1)
    page.get_by_label("Act as").select_option(theatre.id_of("chen"))
    expect(page.locator("#log .rows")).to_have_attribute("aria-busy", "true")

    pressing = page.get_by_role("button", name="recap.md")
    with pytest.raises(TimeoutError):
        pressing.click(timeout=200)
    asked[0].continue_()

    pressing.click()
    expect(page.get_by_role("dialog", name="recap.md")).to_be_visible()


def test_choices_in_messages_are_made(theatre: Theatre, open_page: Opener) -> None:
    options = [{"text": plain("Markdown"), "value": "md"}, {"text": plain("JSON"), "value": "json"}]
    select = {"type": "static_select", "action_id": "format", "placeholder": plain("Format"), "options": options}
    more = {"type": "overflow", "action_id": "more", "options": options}
    theatre.posts("Card", blocks=[section("How?") | {"accessory": select}, section("And?") | {"accessory": more}])
    page = open_page("ben")
    with page.expect_response("**/stage/act"):
        page.get_by_label("Format").select_option("JSON")
    page.get_by_role("button", name="More actions").press("Enter")
    expect(page.get_by_role("menuitem", name="Markdown")).to_be_focused()
    page.keyboard.press("ArrowDown")
    with page.expect_response("**/stage/act"):
        page.keyboard.press("Enter")
    chosen = [(click["action_id"], click["selected_option"]["value"]) for click in theatre.bot.clicked]
    assert chosen == [("format", "json"), ("more", "json")]


def test_one_talks_to_the_bot_alone(theatre: Theatre, open_page: Opener) -> None:
    page, other = open_page("ana"), open_page("ben")
    page.get_by_role("navigation").get_by_role("button", name=re.compile("APP")).click()
    expect(page.get_by_role("main").get_by_role("heading", level=2)).not_to_contain_text("#")
    type_and_send(page, "what can you do?")
    expect(message(page, "what can you do?")).to_be_visible()
    other.get_by_role("navigation").get_by_role("button", name=re.compile("APP")).click()
    expect(other.locator(".channel-topic")).to_have_text("Between the two of you")
    expect(message(other, "what can you do?")).to_have_count(0)
    page.get_by_role("navigation").get_by_role("button", name="general-moot").click()
    expect(message(page, "what can you do?")).to_have_count(0)


def home_view(*blocks: dict[str, Any]) -> dict[str, Any]:
    search = {"type": "plain_text_input", "action_id": "search"}
    asked = {"type": "input", "block_id": "search", "label": plain("Search"), "element": search}
    head = {"type": "header", "text": plain("Open sessions")}
    return {"type": "home", "blocks": [head, asked | {"dispatch_action": True}, *blocks]}


def test_the_bots_home_is_a_tab_of_the_conversation_with_it(theatre: Theatre, open_page: Opener) -> None:
    page = open_page("ana")
    expect(page.get_by_role("tablist")).to_have_count(0)
    page.get_by_role("navigation").get_by_role("button", name=re.compile("APP")).click()
    page.get_by_role("tab", name="Home").click()
    home = page.get_by_role("tabpanel", name=re.compile("^Home of"))
    expect(home).to_contain_text("There is nothing here yet.")
    expect(page.locator("#composer-text")).to_be_hidden()

    buttons = {"type": "actions", "block_id": "b1", "elements": [button("Done", "done")]}
    theatre.api("views.publish", user_id=theatre.id_of("ana"), view=home_view(buttons))
    theatre.api("views.publish", user_id=theatre.id_of("ben"), view=home_view(section("of Ben alone")))

    expect(home.get_by_role("heading")).to_have_text("Open sessions")
    expect(home).not_to_contain_text("of Ben alone")
    home.get_by_role("button", name="Done").click()
    home.get_by_role("textbox", name="Search").fill("pump")
    theatre.api("views.publish", user_id=theatre.id_of("ana"), view=home_view(buttons, section("drawn anew")))
    expect(home).to_contain_text("drawn anew")
    expect(home.get_by_role("textbox", name="Search")).to_have_value("pump")
    home.get_by_role("textbox", name="Search").press("Enter")
    expect(home.get_by_role("textbox", name="Search")).to_be_focused()
    page.get_by_role("tab", name="Home").press("ArrowRight")
    expect(page.get_by_role("tab", name="Messages")).to_be_focused()
    expect(page.locator("#composer-text")).to_be_visible()
    assert [(click["action_id"], click["value"]) for click in theatre.bot.clicked] == [
        ("done", "1"),
        ("search", "pump"),
    ]


def test_the_play_clock_is_shown_and_can_be_moved_on(theatre: Theatre, open_page: Opener) -> None:
    page = open_page("ana")
    clock = page.locator(".clock")
    expect(clock).to_contain_text("13:00:00 UTC")
    clock.click()
    page.get_by_role("menuitem", name="15 minutes").click()
    expect(clock).to_contain_text("13:15:00 UTC")
    assert theatre.stage.now_us % 3_600_000_000 >= 15 * 60 * 1_000_000


def test_how_far_the_play_is_stands_above_the_messages(theatre: Theatre, open_page: Opener) -> None:
    page = open_page("ana")
    theatre.report(title="Kata Containers PTG", state="playing", line=3, lines=12)
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "3")
    expect(page.locator(".play")).to_contain_text("line 3 of 12")
    theatre.report(state="failed", error="Line 4: ben sees no message 'Tea?'.")
    expect(page.get_by_role("status")).to_have_text("Line 4: ben sees no message 'Tea?'.")


def test_arrow_keys_go_from_message_to_message(theatre: Theatre, open_page: Opener) -> None:
    theatre.posts("first")
    theatre.posts("second")
    page = open_page("ana")
    page.get_by_role("log", name="Messages").focus()
    page.keyboard.press("ArrowUp")
    expect(message(page, "second")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(message(page, "first")).to_be_focused()
    page.keyboard.press("Tab")
    expect(message(page, "first").get_by_role("button", name="React with +1")).to_be_focused()
    page.keyboard.press("Enter")
    expect(message(page, "first").locator(".pill").first).to_have_text("👍1")
    expect(message(page, "first").get_by_role("button", name="React with +1")).to_be_focused()


def test_nothing_is_asked_of_any_other_computer(theatre: Theatre, open_page: Opener) -> None:
    asked: list[str] = []
    page = open_page("ana")
    page.on("request", lambda request: asked.append(request.url))
    image = {"type": "image", "image_url": "https://example.org/cat.png", "alt_text": "a cat"}
    theatre.posts("Picture", blocks=[image])
    page.reload()
    expect(message(page, "a cat")).to_be_visible()
    assert {f"http://{urlsplit(url).netloc}" for url in asked} == {theatre.stage.url}


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_window_scrolls_sideways(theatre: Theatre, open_page: Opener, width: int) -> None:
    fields = [{"type": "mrkdwn", "text": "*Now*\n" + "observability" * 20} for _ in range(4)]
    actions = [button(f"A longer label {number}", f"a{number}") for number in range(6)]
    theatre.posts("Card", blocks=[{"type": "section", "fields": fields}, {"type": "actions", "elements": actions}])
    theatre.act("ana", "say", text="averyverylongword" * 40 + " `" + "code" * 100 + "`")
    page = open_page("ben", width=width, height=640)
    expect(message(page, "averyverylongword")).to_be_visible()
    wider = """() => [document.documentElement, ...document.querySelectorAll('#log, #main')]
        .filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.id || e.tagName)"""
    assert page.evaluate(wider) == []


def test_in_a_narrow_window_the_side_bar_waits_behind_a_button(theatre: Theatre, open_page: Opener) -> None:
    theatre.posts("1. Observability")
    page = open_page(width=360, height=640)
    sidebar = page.get_by_role("navigation", name="Workspace")
    expect(sidebar).to_be_hidden()
    page.get_by_role("button", name="Channels and people").click()
    expect(sidebar).to_be_visible()
    page.keyboard.press("Escape")
    expect(sidebar).to_be_hidden()
    message(page, "1. Observability").hover()
    page.get_by_role("button", name="Reply in thread").click()
    box = page.get_by_role("complementary", name="Thread").bounding_box()
    assert box is not None
    assert box["width"] == 360


CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const over = (under, colour) => {
    canvas.globalCompositeOperation = 'source-over';
    canvas.fillStyle = `rgb(${under.join(' ')})`; canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const behind = (e) => over(e.parentElement ? behind(e.parentElement) : [255, 255, 255],
    getComputedStyle(e).backgroundColor);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const poor = [];
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.checkVisibility({ visibilityProperty: true }) || e.matches('option, optgroup, .skip')) continue;
    const under = behind(e);
    const [a, b] = [light(under), light(over(under, getComputedStyle(e).color))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push(`${e.tagName}.${e.className} "${e.textContent.slice(0, 30)}" ${ratio.toFixed(2)}`);
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read_by_day_and_by_night(theatre: Theatre, open_page: Opener, scheme: str) -> None:
    theatre.bot.views["sign_in"] = sign_in_view()
    elements = [
        button("Sign in", "sign_in", style="primary"),
        button("End", "end", style="danger"),
        button("Extend", "extend"),
    ]
    ana = theatre.id_of("ana")
    ts = theatre.posts(
        "Card",
        blocks=[
            {"type": "header", "text": plain("A gathering")},
            section(f"<@{ana}> <!here> `code` <https://example.org|a link>\n> quoted"),
            {"type": "actions", "elements": elements},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "small print"}]},
        ],
    )
    theatre.api("pins.add", channel="C0MOOT", timestamp=ts)
    theatre.act("ana", "react", on=ts, emoji="+1")
    theatre.act("ben", "react", on=ts, emoji="tada")
    theatre.act("ben", "say", text="and a reply", thread=ts)
    theatre.api("chat.postEphemeral", channel="C0MOOT", user=ana, text="A word in your ear")
    page = open_page("ana", scheme=scheme)
    expect(message(page, "A word in your ear")).to_be_visible()
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(26, 29, 33)")
    assert page.evaluate(CONTRAST) == []
    page.locator("#composer-text").fill("/")
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    assert page.evaluate(CONTRAST) == []
    page.locator("#composer-text").fill("")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("dialog").locator(".fault").first).to_be_visible()
    assert page.evaluate(CONTRAST) == []


def test_everything_that_can_be_pressed_has_a_name(theatre: Theatre, open_page: Opener) -> None:
    theatre.posts("Card", blocks=[{"type": "actions", "elements": [button("Extend", "extend")]}])
    theatre.act("ben", "react", on="last", emoji="+1")
    page = open_page("ana")
    message(page, "Extend").hover()
    for role in ("button", "link", "combobox", "textbox"):
        for one in page.get_by_role(role).all():  # type: ignore[arg-type]
            expect(one).to_have_accessible_name(re.compile(r"\S"))


def test_what_one_is_changing_is_left_alone_while_others_react(theatre: Theatre, open_page: Opener) -> None:
    page = open_page("dia")
    type_and_send(page, "tee")
    message(page, "tee").hover()
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Edit message").fill("tea for two")
    theatre.act("ben", "react", on="tee", emoji="+1")
    theatre.act("ben", "say", text="after it")
    expect(message(page, "after it")).to_be_visible()
    expect(page.get_by_label("Edit message")).to_have_value("tea for two")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Edit message")).to_have_count(0)
    expect(message(page, "tee").locator(".pill").first).to_have_text("👍1")


def test_what_is_said_while_the_page_loads_the_channel_is_not_lost_from_sight(
    theatre: Theatre, open_page: Opener
) -> None:
    page = open_page("ana")
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/stage/channels/*/messages**", lambda route: held.append((route, route.fetch())))
    with page.expect_response("**/messages**"):
        page.get_by_label("Act as").select_option(theatre.id_of("dia"))
        while not held:
            page.wait_for_timeout(10)
        type_and_send(page, "said meanwhile")
        expect(message(page, "said meanwhile")).to_be_visible()
        for route, answer in held:
            route.fulfill(response=answer)
    page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(message(page, "said meanwhile")).to_be_visible()


def test_the_side_bar_keeps_the_focus_when_one_becomes_somebody_else(open_page: Opener) -> None:
    page = open_page("ana")
    chen = page.get_by_role("navigation").get_by_role("button", name=re.compile("Chen"))
    chen.press("Enter")
    expect(chen).to_have_attribute("aria-pressed", "true")
    expect(chen).to_be_focused()
    expect(page.get_by_label("Act as").locator("option:checked")).to_have_text(re.compile("Chen"))
