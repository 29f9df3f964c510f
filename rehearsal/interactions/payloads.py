"""What every interaction payload says about the workspace and the person."""

from rehearsal.backstage import Backstage
from rehearsal.delivery.carrier import NotAnswered
from rehearsal.people import Person
from rehearsal.wire import Json


def interaction(stage: Backstage, kind: str, person: Person) -> Json:
    """The common part of a payload; `NotAnswered` when the manifest does not switch interactivity on."""
    if not stage.installed or not stage.manifest.interactive:
        raise NotAnswered("this app is not configured to handle interactive responses")
    team = stage.workspace.team
    return {
        "type": kind,
        "team": {"id": team.id, "domain": team.domain},
        "user": {
            "id": person.id,
            "username": person.handle,
            "name": person.handle,
            "team_id": team.id,
        },
        "api_app_id": team.app_id,
        "token": "deprecated",
        "enterprise": None,
        "is_enterprise_install": False,
    }
