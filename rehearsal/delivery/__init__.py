"""The two ways in which Slack brings an app its events, commands and interactions."""
