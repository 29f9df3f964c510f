"""The vault: seals tokens before they are stored, and opens them again, with keys that come from the environment."""

from collections.abc import Sequence


class CannotOpen(Exception):
    """None of the keys opens a ciphertext."""


class Vault:
    """Seals with the first key and opens with any: so a new key is put before the old ones, which may go later."""

    def __init__(self, keys: Sequence[str]) -> None:
        # Here, because most speak with one token, and have nothing to seal.
        from cryptography.fernet import Fernet, InvalidToken, MultiFernet

        self._newest, self._keys = Fernet(keys[0]), MultiFernet([Fernet(key) for key in keys])
        self._wrong = InvalidToken

    def seal(self, token: str) -> str:
        return self._keys.encrypt(token.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises CannotOpen."""
        try:
            return self._keys.decrypt(sealed.encode()).decode()
        except self._wrong:
            raise CannotOpen from None

    def is_newest(self, sealed: str) -> bool:
        """Whether it was sealed with the newest key."""
        try:
            self._newest.decrypt(sealed.encode())
        except self._wrong:
            return False
        return True


def new_key() -> str:
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()
