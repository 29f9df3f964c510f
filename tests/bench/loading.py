"""What `folkmoot run` loads before it does anything."""

import gc

gc.disable()

import bot.cli.running  # noqa: E402, F401
