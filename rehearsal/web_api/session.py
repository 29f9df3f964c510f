"""Who the bot is, where it is, and how it connects."""

from rehearsal.delivery.socket_mode import SocketMode
from rehearsal.web_api.method import Call, SlackError, method
from rehearsal.wire import Json


@method("api.test", optional="error foo", caller="client", per_minute=300, json=True)
def api_test(call: Call) -> Json:
    if error := call.text("error"):
        raise SlackError(error)
    return {}


@method("auth.test", per_minute=300, json=True)
def auth_test(call: Call) -> Json:
    workspace = call.stage.workspace
    return {
        "url": f"https://{workspace.team.domain}.slack.com/",
        "team": workspace.team.name,
        "user": workspace.bot.handle,
        "team_id": workspace.team.id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", caller="app", json=True)
def open_connection(call: Call) -> Json:
    carrier = call.stage.carrier
    if not isinstance(carrier, SocketMode):
        # Slack's answer when Socket Mode is not switched on for the app.
        raise SlackError("forbidden_team")
    base = call.stage.workspace.url.replace("http", "ws", 1)
    app_id = call.stage.workspace.team.app_id
    return {"url": f"{base}/link/?ticket={carrier.new_ticket()}&app_id={app_id}"}


@method("team.info", optional="team", scope="team:read")
def team_info(call: Call) -> Json:
    team = call.stage.workspace.team
    if call.text("team", team.id) != team.id:
        raise SlackError("team_not_found")
    return {
        "team": {
            "id": team.id,
            "name": team.name,
            "url": f"https://{team.domain}.slack.com/",
            "domain": team.domain,
            "email_domain": "",
            "icon": {"image_default": True},
        }
    }
