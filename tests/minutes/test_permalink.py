"""Addresses of messages."""

from minutes.permalink import permalink

VILLAGE = "https://village.slack.com/"


def test_a_message_has_its_time_without_the_dot_and_a_reply_names_its_thread() -> None:
    assert permalink(VILLAGE, "C1", "1618999200.000100") == "https://village.slack.com/archives/C1/p1618999200000100"
    reply = permalink(VILLAGE, "C1", "1618999300.000200", "1618999200.000100")
    assert reply == "https://village.slack.com/archives/C1/p1618999300000200?thread_ts=1618999200.000100&cid=C1"


def test_what_begins_a_thread_is_no_reply() -> None:
    ts = "1618999200.000100"
    assert permalink(VILLAGE, "C1", ts, ts) == permalink(VILLAGE.rstrip("/"), "C1", ts)
