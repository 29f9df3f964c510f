"""The tables of installing: the app in its workspaces, with sealed tokens, and consents that are under way."""

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Table, Text

from storage.schema import METADATA, nullable, required
from storage.types import RowId, UtcDateTime

INSTALLATIONS = Table(
    "installations",
    METADATA,
    required("id", RowId, primary_key=True),
    required("workspace_id", RowId, ForeignKey("workspaces.id")),
    required("app_id", String(64)),
    required("bot_id", String(64)),
    required("bot_user_id", String(64)),
    nullable("sealed_token", Text),
    required("scopes", Text),
    nullable("installed_by", RowId),
    required("installed_at", UtcDateTime),
    nullable("revoked_at", UtcDateTime),
    ForeignKeyConstraint(["workspace_id", "installed_by"], ["people.workspace_id", "people.id"]),
    Index("ix_installations_workspace", "workspace_id"),
)
"""One time that somebody installed the app in a workspace. The newest one stands; older ones are its history.

`sealed_token` is a ciphertext, and null as soon as the token is of no use: once a newer installation has taken its
place, or `revoked_at` says since when it is void. An org-wide installation would hang on a workspace with an
enterprise and no team.
"""


STATES = Table(
    "oauth_states",
    METADATA,
    required("state", String(64), primary_key=True),
    required("issued_at", UtcDateTime),
)
"""A consent that somebody is giving at Slack: whoever comes back with `state` was sent there by us, once."""
