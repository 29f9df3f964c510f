"""Messages as read methods return them: less complete than they are."""

from rehearsal.messages import Message
from rehearsal.shapes import message_json
from rehearsal.web_api.method import Call
from rehearsal.wire import Json

# Slack says that the list of users "might not always contain all users"; it has been seen to end at about 50.
MOST_USERS_OF_A_REACTION = 50


def returned_message(call: Call, message: Message, *, all_reactions: bool = False) -> Json:
    """`count` is right even where `users` is cut off; metadata comes only when asked for and granted."""
    shape = message_json(call.stage.workspace, message)
    if not all_reactions:
        for reaction in shape.get("reactions", ()):
            reaction["users"] = reaction["users"][:MOST_USERS_OF_A_REACTION]
    whole = call.flag("include_all_metadata") and call.stage.manifest.grants("metadata.message:read")
    if "metadata" in shape and not whole:
        shape["metadata"] = {"event_type": shape["metadata"]["event_type"]}
    return shape
