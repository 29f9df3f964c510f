"""Where a gathering met, as a reader would say it: `on Zoom`, `in Room 3`."""

from urllib.parse import urlsplit

from bot.render.pieces import label_and_address

# Well-known meeting services: by the end of the address's host, and by how people write their names.
_SERVICES = {
    "zoom.us": "Zoom",
    "zoom.com": "Zoom",
    "meet.google.com": "Google Meet",
    "teams.microsoft.com": "Microsoft Teams",
    "teams.live.com": "Microsoft Teams",
    "webex.com": "Webex",
    "meet.jit.si": "Jitsi Meet",
    "meetpad.opendev.org": "Meetpad",
    "bigbluebutton.org": "BigBlueButton",
    "whereby.com": "Whereby",
    "discord.gg": "Discord",
    "discord.com": "Discord",
    "slack.com": "Slack",
}
_SPOKEN = tuple({name.casefold() for name in _SERVICES.values()} | {"jitsi", "teams", "irc", "matrix", "skype"})
_PREPOSITIONS = ("in", "on", "at", "near")


def where(place: str) -> str:
    """With its preposition. An address of an unknown service is `online`."""
    label, url = label_and_address(place)
    if url and label == url:
        return _of_address(url)
    if label.casefold().partition(" ")[0] in _PREPOSITIONS:
        return label
    return f"on {label}" if label.casefold().startswith(_SPOKEN) else f"in {label}"


def _of_address(url: str) -> str:
    host = urlsplit(url).hostname or ""
    found = (name for end, name in _SERVICES.items() if host == end or host.endswith(f".{end}"))
    service = next(found, None)
    return f"on {service}" if service else "online"
