"""The courier: carries what is owed to Slack, in order, at the pace that Slack allows, and never decides."""

from bot.courier.attempt import Attempt
from bot.courier.carriers import Carriers
from bot.courier.courier import Courier

__all__ = ["Attempt", "Carriers", "Courier"]
