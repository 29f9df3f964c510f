"""Links to issues and changes: shown once a session, wherever in the channel's words they stand."""

from collections.abc import Mapping
from dataclasses import replace

from bot.services.visit import Visit
from minutes.ids import Ts
from minutes.links import page_title, tracker_links
from minutes.session import Session
from storage import links
from storage.db import Db


def keep(visit: Visit, session: Session, text: str, message: Ts | None = None) -> bool:
    """Keep the tracker links of a text under its topic; True where there was news. A command has no `message`."""
    topic = visit.floor(session) if "://" in text else None
    source = message or "/" + visit.key
    news = [
        links.share(
            visit.db,
            visit.workspace,
            session.id,
            replace(link, title=visit.own(link.title)),
            message=source,
            topic=topic,
            by=visit.person.id,
            at=visit.at,
        )
        for link in tracker_links(text)
    ]
    return any(news)


def keep_again(visit: Visit, session: Session, text: str, message: Ts) -> bool:
    """Keep those of an edited message: what is no longer in it is not mentioned by it. True where there was news."""
    still = [link.key for link in tracker_links(text)]
    fewer = links.forget(visit.db, visit.workspace, session.id, message, but=still)
    return keep(visit, session, text, message) or fewer


def unfurled(db: Db, workspace: int, session: int, message: Ts, pages: Mapping[str, str]) -> bool:
    """Slack has looked at the pages behind a message's links, and tells their titles; True where that was news."""
    found = [link for url, title in pages.items() if (link := page_title(url, title))]
    news = [links.unfurl(db, workspace, session, message, link) for link in found]
    return any(news)
