"""What somebody tells of themselves: organisation and country, kept for the next time that they sign in."""

from bot.services import home_duties
from bot.services.visit import Visit
from minutes.outcomes import SignedIn
from minutes.text import clean, is_blank, one_line
from storage import people

LONGEST_ORGANISATION = 100


def tell(visit: Visit, organisation: str, country: str | None) -> SignedIn:
    cleaned = one_line(clean(organisation))[:LONGEST_ORGANISATION]
    told = None if is_blank(cleaned) else cleaned
    people.tell(visit.db, visit.workspace, visit.person.id, organisation=told, country=country)
    home_duties.publish_where_shown(visit.db, visit.workspace, visit.person.id, visit.at)
    return SignedIn(told, country)
