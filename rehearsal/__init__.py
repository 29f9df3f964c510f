"""A strict stand-in for Slack on 127.0.0.1, with plays to perform on it and a clock to perform them by."""
