"""What `folkmoot run` loads before it does anything."""

import gc

gc.disable()

import bot.cli  # noqa: E402, F401
