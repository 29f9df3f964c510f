"""Somebody allows an app to come into their workspace, or cancels."""

from rehearsal.acts import ActFailed
from rehearsal.backstage import Backstage
from rehearsal.oauth.request import AuthorizeRequest, NotAuthorized
from rehearsal.people import Person


def answer_of(query: str, stage: Backstage, person: Person, *, allow: bool) -> str:
    """Where the browser goes then, from a page with this query. Raises `ActFailed`."""
    try:
        request = AuthorizeRequest.read(query, stage.app)
    except NotAuthorized as problem:
        raise ActFailed(f"Something went wrong when authorizing this app: {problem}.") from None
    if not allow:
        return request.answer(error="access_denied")
    if not may_install(person):
        raise ActFailed(f"{person.handle} may not install apps.")
    if request.team not in (None, stage.workspace.team.id):
        raise ActFailed(f"The app asks to come into {request.team}, not {stage.workspace.team.id}.")
    return request.answer(code=stage.app.codes.new(stage, person.id, request.scopes, request.given_uri))


def may_install(person: Person) -> bool:
    """Guests, and people of other workspaces, may not."""
    return not (person.is_bot or person.is_guest or person.is_stranger or person.deleted)
