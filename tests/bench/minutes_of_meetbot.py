"""hcoop-meetbot's minutes of the same meeting, which it has in memory: `MESSAGES FOLDER`."""

import logging
import sys

from hcoopmeetbotlogic import handler
from hcoopmeetbotlogic.config import Config
from hcoopmeetbotlogic.interface import Context, Message
from hcoopmeetbotlogic.meeting import Meeting
from hcoopmeetbotlogic.state import get_meeting, set_config, set_logger
from hcoopmeetbotlogic.writer import write_meeting

from tests.bench.meeting import BEGAN, PEOPLE, messages
from tests.bench.told import timed

CHANNEL, NETWORK = "#moot", "net"


def held(number: int) -> Meeting:
    """Everything is said, as it would be in IRC; what the bot answers goes nowhere."""
    context = Context(lambda: "", _nowhere, _nowhere, _nowhere)
    handler.irc_message(context, Message("0", BEGAN, PEOPLE[0], CHANNEL, NETWORK, "#startmeeting"))
    for said in messages(number):
        payload = f"#{said.tag} {said.text}" if said.tag else said.text
        handler.irc_message(context, Message(str(said.number), said.at, said.who, CHANNEL, NETWORK, payload))
    meeting = get_meeting(CHANNEL, NETWORK)
    assert meeting is not None
    return meeting


def _nowhere(_: str) -> None:
    pass


if __name__ == "__main__":
    config = Config(None, log_dir=sys.argv[2])
    set_logger(logging.getLogger("meetbot"))
    set_config(config)
    meeting = held(int(sys.argv[1]))
    timed(lambda: write_meeting(config, meeting))
