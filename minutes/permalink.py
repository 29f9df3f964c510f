"""Addresses of messages, as Slack makes them: whoever follows one sees what was said, and what was said around it."""

from minutes.ids import ChannelId, Ts


def permalink(workspace_url: str, channel: ChannelId, ts: Ts, thread_ts: Ts | None = None) -> str:
    """The address of a message; `thread_ts` names the message that begins its thread, where it is a reply.

    `workspace_url` is Slack's own address of the workspace, such as `https://village.slack.com/`.
    """
    address = f"{workspace_url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
    return address if thread_ts in (None, ts) else f"{address}?thread_ts={thread_ts}&cid={channel}"
