"""Use cases: one function does one thing in one transaction, with what we owe to Slack for it, and says what it did."""
