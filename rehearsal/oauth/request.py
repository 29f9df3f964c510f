"""What an app asks for at `/oauth/v2/authorize`, checked before anybody is asked to allow it."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from rehearsal.slack_app import SlackApp

_KNOWN = {"client_id", "scope", "user_scope", "redirect_uri", "state", "team"}
_LOOPBACK = {"127.0.0.1", "localhost"}


class NotAuthorized(Exception):
    """Why nobody is even asked: Slack's error code, and what is wrong in words."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(f"{code}: {words}")
        self.code = code


@dataclass(frozen=True)
class AuthorizeRequest:
    """`given_uri` is what the app must say again when it exchanges the code; without it, the manifest's first is used.

    `team` is the workspace that it is meant for, if it says so.
    """

    scopes: frozenset[str]
    given_uri: str | None
    redirect_uri: str
    state: str | None
    team: str | None

    @classmethod
    def read(cls, query: str, app: SlackApp) -> Self:
        """What stands after the question mark. Raises `NotAuthorized`."""
        fields = _fields(query)
        if fields.get("client_id") != app.client_id:
            raise NotAuthorized("invalid_client_id", "there is no such app")
        given = fields.get("redirect_uri") or None
        redirect = _allowed(given, app.manifest.redirect_urls)
        scopes = _scopes(fields.get("scope", ""), app.manifest.scopes)
        _scopes(fields.get("user_scope", ""), app.manifest.user_scopes)
        if not scopes:
            raise NotAuthorized("no_scopes", "it asks for no scope")
        return cls(scopes, given, redirect, fields.get("state"), fields.get("team") or None)

    def answer(self, **said: str) -> str:
        """Where the browser goes: the redirect URI, with what was said and the app's own state."""
        state = {} if self.state is None else {"state": self.state}
        joint = "&" if urlsplit(self.redirect_uri).query else "?"
        return f"{self.redirect_uri}{joint}{urlencode(said | state)}"


def _fields(query: str) -> dict[str, str]:
    pairs = parse_qsl(query, keep_blank_values=True)
    fields = dict(pairs)
    strange = sorted(fields.keys() - _KNOWN)
    if strange:
        raise NotAuthorized("invalid_arguments", f"there is no {', '.join(strange)}")
    if len(fields) < len(pairs):
        raise NotAuthorized("invalid_arguments", "something is given twice")
    return fields


def _scopes(asked: str, offered: frozenset[str] | None) -> frozenset[str]:
    """The scopes; Slack lets an app ask for some that are not in its manifest."""
    scopes = frozenset(filter(None, asked.split(",")))
    strange = sorted(scopes - offered) if offered is not None else []
    if strange:
        raise NotAuthorized("invalid_scope", f"the manifest does not have {', '.join(strange)}")
    return scopes


def _allowed(given: str | None, configured: tuple[str, ...]) -> str:
    """The redirect URI, which must be one of the manifest's or below it. Slack takes none but https."""
    if not configured:
        raise NotAuthorized("bad_redirect_uri", "the manifest has no redirect_urls")
    redirect = given or configured[0]
    if not any(_is_below(redirect, each) for each in configured):
        raise NotAuthorized("bad_redirect_uri", f"{redirect} did not match any configured URIs")
    at = urlsplit(redirect)
    if at.scheme != "https" and not (at.scheme == "http" and at.hostname in _LOOPBACK):
        raise NotAuthorized("bad_redirect_uri", f"{redirect} is not https")
    return redirect


def _is_below(redirect: str, configured: str) -> bool:
    at, top = urlsplit(redirect), urlsplit(configured)
    if (at.scheme, at.netloc) != (top.scheme, top.netloc) or at.fragment or ".." in at.path.split("/"):
        return False
    return at.path == top.path or at.path.startswith(f"{top.path.rstrip('/')}/")
