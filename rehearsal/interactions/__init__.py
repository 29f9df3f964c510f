"""What people do with the bot other than talk: commands, buttons and dialogs, and its ways to answer."""
