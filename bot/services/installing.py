"""Use cases of installing: the app comes into a workspace, leaves it, and may come again."""

from dataclasses import dataclass
from datetime import datetime

from bot.services import comparing, people
from bot.services.visit import meet
from minutes.ids import UserId
from minutes.moment import to_micros
from storage import installations, vote_agenda
from storage import people as stored_people
from storage.db import Db

OWN_NAME = "Folkmoot"


@dataclass(frozen=True, slots=True)
class Consent:
    """What Slack tells when somebody has consented; `sealed` is the bot's token as a ciphertext."""

    team: str
    team_name: str
    app: str
    bot: str
    bot_user: UserId
    sealed: str
    scopes: str
    by: UserId | None


def installed(db: Db, consent: Consent, now: datetime) -> None:
    """The app is in a workspace, for the first time or again: what is owed and due there goes on."""
    workspace = stored_people.workspace(db, consent.team)
    stored_people.name_workspace(db, consent.team, consent.team_name)
    people.own_user(db, workspace, consent.bot_user, OWN_NAME, now)
    installations.keep(
        db,
        workspace,
        app=consent.app,
        bot=consent.bot,
        bot_user=consent.bot_user,
        sealed=consent.sealed,
        scopes=consent.scopes,
        by=meet(db, workspace, consent.by, now).id if consent.by else None,
        at=now,
    )
    # What people did there meanwhile nobody has told us.
    comparing.returned(db, now, workspace)
    vote_agenda.compare_all(db, now, workspace)


def uninstalled(db: Db, team: str, at: datetime, now: datetime) -> bool:
    """Slack says that the app was taken out of a workspace; False where that is known, or is from before it came again.

    Slack tells it in whole seconds, twice, and in any order.
    """
    found = installations.of_team(db, team)
    if found is None or to_micros(at) // 1_000_000 < to_micros(found.installed_at) // 1_000_000:
        return False
    return installations.revoke(db, found.id, now)


def refused(db: Db, installation: int, now: datetime) -> bool:
    """Slack no longer takes the token of an installation; False for one that has been replaced or is known as void."""
    return installations.revoke(db, installation, now)
