"""The pages that somebody sees in a browser who installs the app: short, plain HTML, and every word of it escaped."""

from html import escape

from bot.render.usage import CommandNames

INSTALL = "/slack/install"
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body {{ font: 1.1rem/1.5 sans-serif; max-width: 34rem; margin: 4rem auto; padding: 0 1rem }}</style>
</head>
<body>
<h1>{title}</h1>
{paragraphs}
</body>
</html>
"""
_AGAIN = f'<a href="{INSTALL}">Begin again</a>'


def installed(team: str, team_id: str, names: CommandNames) -> str:
    """The app is in a workspace."""
    slack = f'<a href="https://app.slack.com/client/{escape(team_id)}">Open Slack</a>'
    return _page(
        f"Folkmoot is in {team or 'your workspace'}",
        f"In a channel, type <code>/invite @folkmoot</code> and then <code>{escape(names.topic)} Hello</code>.",
        f"{slack}, or close this page.",
    )


def cancelled() -> str:
    """Whoever was asked did not consent."""
    return _page(
        "Nothing was installed", f"You did not allow it, and nothing has changed. {_AGAIN}, or close this page."
    )


def came_astray() -> str:
    """Somebody who was not sent to Slack from here, or was so before, or too long ago."""
    told = "This page is where Slack sends you back to, once and within ten minutes, in the same browser."
    return _page("Nothing was installed", told, f"{_AGAIN} from there.")


def whole_organisation() -> str:
    """An organisation was chosen instead of one of its workspaces."""
    return _page(
        "Nothing was installed",
        f"Folkmoot cannot be installed for a whole organisation yet. {_AGAIN}, and choose one workspace.",
    )


def failed() -> str:
    """Whatever else went wrong; the log knows what."""
    return _page(
        "Nothing was installed",
        f"Something went wrong on the way. {_AGAIN}; if that does not help, tell whoever runs this Folkmoot.",
    )


def _page(title: str, *paragraphs: str) -> str:
    """`paragraphs` are HTML, `title` is text."""
    return _PAGE.format(title=escape(title), paragraphs="\n".join(f"<p>{each}</p>" for each in paragraphs))
