"""Block Kit as Slack checks it: an unknown field is an error, and so is a missing one or one too long."""
