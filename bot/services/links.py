"""Links to issues and changes: kept once a session, wherever in the channel's words they stand."""

from dataclasses import replace

from bot.services.visit import Visit
from minutes.links import tracker_links
from minutes.session import Session
from storage import entries, topics


def keep(visit: Visit, session: Session, text: str) -> None:
    """Keep the tracker links of a text under the topic of the moment."""
    topic = topics.floor(visit.db, visit.workspace, session.id)
    for link in tracker_links(text):
        link = replace(link, title=visit.own(link.title))
        entries.share(visit.db, visit.workspace, session.id, link, topic=topic, by=visit.person.id, at=visit.at)
