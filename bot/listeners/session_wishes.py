"""Which use cases stand behind the sub-commands of `/session` that see to chairs and put entries right."""

from typing import Any

from bot.services import chairs, corrections
from minutes.chair_command import ChairCommand, ChangeChairs, SetFloor, ShowChairs
from minutes.entry_command import EntryCommand, ListEntries, MoveEntry, Redo

Wish = ChairCommand | EntryCommand


def use_case(wish: Wish) -> tuple[Any, ...]:
    """The use case, and what it takes besides the visit."""
    match wish:
        case ShowChairs():
            return (chairs.show,)
        case ChangeChairs():
            return chairs.change, wish
        case SetFloor(chaired):
            return chairs.set_floor, chaired
        case ListEntries(up_to):
            return corrections.listing, up_to
        case Redo(number):
            return corrections.redo, number
        case MoveEntry(number, topic):
            return corrections.move, number, topic
