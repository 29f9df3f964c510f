"""The rows of the table, each in a module of its own: what is measured, beside what, and which ratio is wanted."""

from collections.abc import Callable

from tests.bench.row import Effort, Row
from tests.bench.rows import (
    bystander,
    command,
    history,
    memory,
    minutes,
    postgres_two,
    socket_burst,
    start,
    switch,
    vote_to_card,
    votes,
)

ROWS: dict[str, Callable[[Effort], list[Row]]] = {
    "vote-full": votes.full,
    "vote-normal": votes.normal,
    "bystander": bystander.rows,
    "command": command.rows,
    "socket-burst": socket_burst.rows,
    "switch": switch.rows,
    "start": start.rows,
    "postgres-two": postgres_two.rows,
    "vote-to-card": vote_to_card.rows,
    "history": history.rows,
    "minutes-time": minutes.time,
    "minutes-memory": minutes.memory,
    "minutes-growth": minutes.growth,
    "memory": memory.rows,
}
