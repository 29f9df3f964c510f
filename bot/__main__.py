"""`python -m bot` is `folkmoot`."""

from bot.cli import app

if __name__ == "__main__":
    app()
