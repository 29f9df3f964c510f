"""The buttons that the bot draws, by the action ids under which Slack hands their clicks back."""

from enum import StrEnum


class Button(StrEnum):
    """A click carries as its value the id of what it is about; Undo the session's and the entry's number, `12:7`.

    Those of actions are clicked outside of their channel, too: `C024BE91L:12:7`.
    """

    SIGN_IN = "session_sign_in"
    ADD_TOPIC = "session_add_topic"
    EXTEND = "session_extend"
    END = "session_end"
    ADD_ACTION = "session_add_action"
    START = "session_start"
    START_DIALOG = "session_new"
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
    ACTION_DONE = "action_done"
    ACTION_OPEN = "action_open"
    ACTION_LATER = "action_later"
    RECAP = "session_recap"
    PROFILE = "home_profile"
    SEARCH = "home_search"
    SHOW_ALL = "home_show_all"
