"""What was forgotten, in words, for whoever operates the bot."""

from collections.abc import Mapping

OF_WORKSPACE: Mapping[str, tuple[str, str]] = {
    "sessions": ("session", "sessions"),
    "topics": ("topic", "topics"),
    "spells": ("time on the floor", "times on the floor"),
    "entries": ("wording of an entry", "wordings of entries"),
    "links": ("link", "links"),
    "files": ("name of a file", "names of files"),
    "wordings": ("note of an edited message", "notes of edited messages"),
    "participations": ("participation", "participations"),
    "proposals": ("proposal", "proposals"),
    "marks": ("mark on a ballot", "marks on ballots"),
    "reasons": ("reason for a vote", "reasons for votes"),
    "people": ("person", "people"),
    "identities": ("name with its Slack id", "names with their Slack ids"),
    "memberships": ("list of somebody's channels", "lists of people's channels"),
    "homes": ("Home", "Homes"),
    "channels": ("channel", "channels"),
    "installations": ("installation", "installations"),
    "outages": ("outage", "outages"),
    "gates": ("limit of Slack's", "limits of Slack's"),
    "inbox": ("name of a delivery", "names of deliveries"),
    "outbox": ("duty", "duties"),
    "workspaces": ("workspace", "workspaces"),
}
"""One of each kind, and several; in the order in which they are told."""
OF_PERSON: Mapping[str, tuple[str, str]] = {
    "identities": ("name with its Slack id", "names with their Slack ids"),
    "people": ("answer about themselves", "answers about themselves"),
    "participations": ("organisation or country in a session", "organisations or countries in sessions"),
    "reasons": ("reason for a vote", "reasons for votes"),
    "files": ("address of a file", "addresses of files"),
    "memberships": ("list of their channels", "lists of their channels"),
    "homes": ("Home", "Homes"),
    "installations": ("installation that says who installed it", "installations that say who installed them"),
    "outbox": ("duty towards them", "duties towards them"),
}


def forgotten_person(user: str, where: str, erased: Mapping[str, int]) -> str:
    return (
        f"{user} in {where} is forgotten. Erased: {_counted(erased, OF_PERSON)}.\n"
        "What they did still counts in the record, as somebody's. What the bot said in Slack is drawn anew as soon as\n"
        "it runs; files that it attached there, and copies of the database, have what they had.\n"
    )


def forgotten_workspace(where: str, erased: Mapping[str, int]) -> str:
    return (
        f"{where} is forgotten. Erased: {_counted(erased, OF_WORKSPACE)}.\n"
        "Messages that are in Slack stay there, and copies of the database have what they had.\n"
    )


def _counted(erased: Mapping[str, int], kinds: Mapping[str, tuple[str, str]]) -> str:
    return ", ".join(f"{erased[kind]:,} {words[erased[kind] > 1]}" for kind, words in kinds.items() if kind in erased)
