"""Finding again: what somebody looks for, and the sessions of a channel. Reads only.

`channels` are always those that the person is in: see `memberships.py`.
"""

from collections.abc import Collection, Sequence
from itertools import groupby

from bot.services import duties
from bot.services.permalinks import link, posted_as, shown_at
from bot.services.views import recorded_entry
from bot.services.visit import mentioned
from minutes.folding import folded, search_words
from minutes.found import Found, Hit, HitsIn, PastSession, PastSessions
from minutes.ids import ChannelId
from minutes.session import Session, SessionState
from minutes.text import mention, mentions
from storage import entries, finding, people, postings, sessions, topics, votes
from storage.db import Db
from storage.finding import Place

MOST_FOUND = 20
MOST_LISTED = 10
_OVER = (SessionState.CLOSED,)
_NAMESAKES = 20


def search(
    db: Db, workspace: int, channels: Collection[ChannelId], words: str, most_sessions: int, *, only_here: bool = False
) -> Found:
    """Where all the words stand, in sessions one below the other. `words` have our own numbers in their mentions."""
    held = finding.held_in(db, workspace, channels)
    wanted = [_stand_ins(db, workspace, word) for word in search_words(words)]
    places = finding.places(db, workspace, held, wanted, MOST_FOUND + 1) if wanted else []
    shown = sorted(places[:MOST_FOUND], key=lambda place: place.session, reverse=True)
    grouped = [(number, list(group)) for number, group in groupby(shown, key=lambda place: place.session)]
    found = [_found_in(db, workspace, number, group) for number, group in grouped]
    found.sort(key=lambda each: each.session.started_at, reverse=True)
    return Found(
        words=people.written_out(db, workspace, words),
        sessions=tuple(found[:most_sessions]),
        more=len(places) > MOST_FOUND or len(found) > most_sessions,
        only_here=only_here,
    )


def listing(db: Db, team: str, channel: ChannelId) -> PastSessions:
    """The latest sessions of a channel, for somebody who is in it."""
    workspace = people.known_workspace(db, team)
    return PastSessions((), 0) if workspace is None else recent(db, workspace, [channel], MOST_LISTED)


def recent(db: Db, workspace: int, channels: Collection[ChannelId], most: int) -> PastSessions:
    """The latest sessions that are over."""
    held = finding.held_in(db, workspace, channels)
    found = finding.in_channels(db, workspace, held, most, *_OVER)
    more = finding.count_in(db, workspace, held, *_OVER) - len(found)
    return PastSessions(tuple(past(db, workspace, session) for session in found), more)


def past(db: Db, workspace: int, session: Session) -> PastSession:
    decisions, actions = finding.counts(db, workspace, session.id)
    digest, card = duties.digest_key(session.id, session.closings), duties.card_key(session.id)
    posted = postings.message_ts(db, workspace, [digest, card])
    return PastSession(
        session=session.id,
        title=session.title,
        channel=session.channel,
        channel_name=sessions.channel_name(db, workspace, session.channel),
        started_at=session.started_at,
        decisions=decisions,
        actions=actions,
        url=link(db, workspace, session.channel, posted.get(digest) or posted.get(card)),
    )


def _stand_ins(db: Db, workspace: int, word: str) -> list[str]:
    """A name finds who is mentioned by it, too: texts keep our own numbers for people."""
    keys = mentions(word)
    if keys or len(word) < 2:
        return [word]
    named = [person for person, name in people.everybody(db, workspace) if word in folded(name)]
    return [word, *(mention(str(person)) for person in named[:_NAMESAKES])]


def _found_in(db: Db, workspace: int, number: int, places: Sequence[Place]) -> HitsIn:
    session = sessions.get(db, workspace, number)
    hits = (_hit(db, workspace, session, place) for place in places)
    in_order = sorted((hit for hit in hits if hit is not None), key=lambda hit: hit.at)
    return HitsIn(past(db, workspace, session), tuple(in_order))


def _hit(db: Db, workspace: int, session: Session, place: Place) -> Hit | None:
    """None for the session's own title, which stands above everything that is found in it."""
    if place.entry is not None:
        return _found_entry(db, workspace, session.id, place.entry)
    if place.proposal is not None:
        kept = votes.get(db, workspace, place.proposal)
        text = people.written_out(db, workspace, kept.proposal.text)
        url = link(db, workspace, session.channel, kept.proposal.ballot_ts)
        return Hit(text, place.at, vote=kept.proposal.state, label=kept.proposal.label, url=url)
    if place.topic is not None:
        topic = topics.get(db, workspace, place.topic)
        began = topic.spells[0].began_at if topic.spells else place.at
        url = link(db, workspace, session.channel, posted_as(db, workspace, duties.topic_key(topic.id)))
        return Hit(topic.title, began, number=topic.number or 0, url=url)
    return None


def _found_entry(db: Db, workspace: int, session: int, number: int) -> Hit | None:
    kept = entries.numbered(db, workspace, session, number)
    if kept is None:
        return None
    names = people.names(db, workspace, {kept.entry.author, *kept.entry.owners, *mentioned([kept.entry.text])})
    entry = recorded_entry(kept, names, None)
    return Hit(
        text=entry.text,
        at=entry.said_at,
        entry=entry.kind,
        number=number,
        owners=entry.owners,
        due=entry.due,
        done=entry.done,
        url=shown_at(db, kept),
    )
