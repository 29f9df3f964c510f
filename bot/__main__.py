"""`folkmoot`, and `python -m bot`."""

import gc
import sys
from collections.abc import Callable

from bot import housekeeping


def main() -> None:
    """Nothing of what is loaded is garbage: until that is done, nobody looks for any."""
    gc.disable()
    housekeeping.give_back()
    begin = _process() or _commands()
    housekeeping.collect_seldom()
    begin()


def _process() -> Callable[[], None] | None:
    """What runs for long and takes no options begins without all that reads a command line, which would stay loaded."""
    from bot.cli.running import run, web, worker

    return {"run": run, "web": web, "worker": worker}.get(" ".join(sys.argv[1:]))


def _commands() -> Callable[[], None]:
    from bot.cli.commands import app

    return app


if __name__ == "__main__":
    main()
