"""The bot as a process of its own, from its front doors."""
