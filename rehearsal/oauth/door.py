"""`/oauth/v2/authorize`: the page where one chooses the workspace and allows the app to come in."""

from html import escape
from pathlib import Path
from string import Template

from aiohttp import web

from rehearsal.acts import ActFailed
from rehearsal.backstage import Backstage, Backstages
from rehearsal.doors import PAGE_HEADERS
from rehearsal.oauth.consenting import answer_of, may_install
from rehearsal.oauth.request import AuthorizeRequest, NotAuthorized
from rehearsal.people import Person

_PAGE = Path(__file__).parents[1] / "page" / "authorize.html"
# Without a referrer a browser would not say either that the form is the stage's own.
_HEADERS = PAGE_HEADERS | {"Referrer-Policy": "same-origin"}


class AuthorizeDoor:
    def __init__(self, stages: Backstages) -> None:
        self._stages = stages

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/oauth/v2/authorize", self._ask)
        app.router.add_post("/oauth/v2/authorize", self._answer)

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        app = self._stages.first.app
        try:
            asked = AuthorizeRequest.read(request.url.raw_query_string, app)
        except NotAuthorized as problem:
            raise web.HTTPBadRequest(text=f"Something went wrong when authorizing this app: {problem}.") from None
        fields = {
            "app": escape(app.manifest.app_name),
            "scopes": "".join(f"<li>{escape(scope)}</li>" for scope in sorted(asked.scopes)),
            "people": "".join(_choice(*each) for each in self._people(asked.team)),
        }
        page = Template(_PAGE.read_text(encoding="utf-8")).substitute(fields)
        return web.Response(text=page, content_type="text/html", headers=_HEADERS)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        chosen = (each for each in self._people(None) if _name(*each) == form.get("who"))
        stage, person = next(chosen, (None, None))
        if stage is None or person is None or form.get("answer") not in {"allow", "cancel"}:
            raise web.HTTPBadRequest(text="Say who you are, and allow or cancel.")
        try:
            query = request.url.raw_query_string
            to = answer_of(query, stage, person, allow=form["answer"] == "allow")
        except ActFailed as problem:
            raise web.HTTPBadRequest(text=str(problem)) from None
        raise web.HTTPFound(to)

    def _people(self, team: str | None) -> list[tuple[Backstage, Person]]:
        """Who may install an app, in one workspace or in each."""
        stages = [each for each in self._stages if team in (None, each.workspace.team.id)]
        return [(each, who) for each in stages for who in each.workspace.people.values() if may_install(who)]


def _name(stage: Backstage, person: Person) -> str:
    return f"{stage.workspace.team.id} {person.id}"


def _choice(stage: Backstage, person: Person) -> str:
    words = f"{stage.workspace.team.name}, as {person.real_name}"
    return f'<option value="{escape(_name(stage, person))}">{escape(words)}</option>'
