"""What somebody wants to find: answered at once where we know where they are, and otherwise when Slack has said so."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.listeners.desk import Desk
from bot.render import finding, own_dialogs, replies
from bot.render.message import Block, Message
from bot.services import lookups
from bot.services.lookups import Sought
from bot.services.visit import Asked


async def look_up(desk: Desk, asked: Asked, what: Sought, words: str) -> Message:
    """The answer, or the word that it follows."""
    wish = (asked.team, asked.user, what, asked.channel, words, asked.at)
    found = await desk.reader.ask(lookups.at_once, *wish)
    if found is not None:
        return finding.told(found, desk.names)
    return replies.reply(await desk.serve(asked, lookups.look_up, what, asked.response_url, words), desk.names)


async def recap(desk: Desk, asked: Asked, session: int, here: str | None, trigger: str, client: AsyncWebClient) -> None:
    """In a dialog, for one person's eyes. Where Slack has to be asked first, it is filled when that is known."""
    wish = (asked.team, asked.user, session, here, asked.at)
    allowed, found = await desk.reader.ask(lookups.recap_at_once, *wish)
    if found is not None:
        view: Block = own_dialogs.recap(found)
    else:
        view = own_dialogs.looking() if allowed is None else own_dialogs.notice(finding.NOT_YOURS, desk.names)
    opened = await client.views_open(trigger_id=trigger, view=view)
    if allowed is None:
        await desk.serve(asked, lookups.look_up_recap, session, str(opened["view"]["id"]))
