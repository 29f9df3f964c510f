"""People and their groups, as the bot may look them up."""

from rehearsal.shapes import user_json
from rehearsal.web_api.method import Call, SlackError, method
from rehearsal.web_api.paging import paged
from rehearsal.wire import Json


@method("users.info", required="user", optional="include_locale", scope="users:read", per_minute=100)
def users_info(call: Call) -> Json:
    return {"user": user_json(call.stage.workspace, call.person())}


@method(
    "usergroups.users.list", required="usergroup", optional="include_disabled", scope="usergroups:read", per_minute=20
)
def usergroups_users_list(call: Call) -> Json:
    group = call.stage.workspace.groups.get(call.text("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.members)}


@method("users.list", optional="cursor limit team_id include_locale", scope="users:read", per_minute=20)
def users_list(call: Call) -> Json:
    workspace = call.stage.workspace
    people, metadata = paged(call, list(workspace.people.values()), default=1000)
    members = [user_json(workspace, person) for person in people]
    return {"members": members, "cache_ts": workspace.clock.now_s, "response_metadata": metadata}
