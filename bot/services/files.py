"""Files and images that are shared while a session is open: noted once each, under their topic."""

from collections.abc import Iterable

from bot.services.visit import Visit
from minutes.files import SharedFile
from minutes.ids import Ts
from minutes.session import Session
from storage import files


def keep(visit: Visit, session: Session, message: Ts, shared: Iterable[SharedFile]) -> None:
    for file in shared:
        files.share(
            visit.db,
            visit.workspace,
            visit.channel,
            session.id,
            message,
            file,
            topic=visit.floor(session),
            by=visit.person.id,
            at=visit.at,
        )
