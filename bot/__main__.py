"""`folkmoot`, and `python -m bot`."""

import gc


def main() -> None:
    """Nothing of what is loaded is garbage: until that is done, nobody looks for any."""
    gc.disable()
    from bot.cli import app
    from bot.garbage import collect_seldom

    collect_seldom()
    app()


if __name__ == "__main__":
    main()
