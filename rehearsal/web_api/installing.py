"""How the app gets a workspace's token for a code, and how it gives it up."""

from rehearsal.access import Access
from rehearsal.oauth.codes import CodeRefused, Consent
from rehearsal.web_api.method import Call, SlackError, method
from rehearsal.wire import Json


@method(
    "oauth.v2.access",
    optional="client_id client_secret code grant_type redirect_uri",
    caller="client",
    per_minute=600,
)
def oauth_v2_access(call: Call) -> Json:
    _check_client(call)
    if call.text("grant_type", "authorization_code") != "authorization_code":
        raise SlackError("invalid_grant_type")
    try:
        consent = call.stage.app.codes.use(call.text("code"), call.text("redirect_uri") or None)
    except CodeRefused as refused:
        raise SlackError(refused.code) from None
    return _installed(consent)


def _installed(consent: Consent) -> Json:
    stage = consent.stage
    token, team = Access(stage).install(consent.scopes), stage.workspace.team
    return {
        "app_id": stage.app.id,
        "authed_user": {"id": consent.person},
        "scope": ",".join(stage.manifest.provided),
        "token_type": "bot",
        "access_token": token,
        "bot_user_id": stage.workspace.bot.id,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


@method("auth.revoke", optional="test")
def auth_revoke(call: Call) -> Json:
    """The bot is out of its channels then, but the app is still installed."""
    if call.flag("test"):
        return {"revoked": False}
    Access(call.stage).ended("tokens_revoked")
    return {"revoked": True}


@method("apps.uninstall", required="client_id client_secret", per_minute=1)
def apps_uninstall(call: Call) -> Json:
    _check_client(call)
    Access(call.stage).ended("tokens_revoked", "app_uninstalled", error="account_inactive")
    return {}


def _check_client(call: Call) -> None:
    app = call.stage.app
    if call.text("client_id") != app.client_id:
        raise SlackError("invalid_client_id")
    if call.text("client_secret") != app.client_secret:
        raise SlackError("bad_client_secret")
