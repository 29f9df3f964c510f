"""The courier: carries what is owed to Slack, in order, at the pace that Slack allows, and never decides."""

from bot.courier.courier import Courier

__all__ = ["Courier"]
