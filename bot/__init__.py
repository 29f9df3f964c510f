"""How Slack meets the record."""
