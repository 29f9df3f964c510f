"""The buttons that the bot draws, by the action ids under which Slack hands their clicks back."""

from enum import StrEnum


class Button(StrEnum):
    """A click carries as its value the id of what it is about; Undo the session's and the entry's number, `12:7`."""

    SIGN_IN = "session_sign_in"
    ADD_TOPIC = "session_add_topic"
    EXTEND = "session_extend"
    END = "session_end"
    START = "session_start"
    DISCARD = "session_discard"
    UNDO = "entry_undo"
    CLOSE_BALLOT = "ballot_close"
    EXTEND_BALLOT = "ballot_extend"
    WITHDRAW = "ballot_withdraw"
    ACCEPT_COUNT = "ballot_accept"
    REOPEN_BALLOT = "ballot_reopen"
    NO_REMINDERS = "reminders_off"
    REMINDERS = "reminders_on"
    NEXT_TOPIC = "topic_next"
