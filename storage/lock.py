"""One process to a database file: a lock beside it that its holder takes with it when it dies."""

import os
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from storage.engine import UnusableDatabase, file_of


class DatabaseLock:
    """Held from `take` to `release`. On a server's database it is nothing: processes meet in the database there."""

    def __init__(self, address: str) -> None:
        file = file_of(address)
        self._file = None if file is None else file.resolve()  # one file by whatever path

    def take(self) -> None:
        """Raises UnusableDatabase where another process holds the file, and where no lock can be had."""
        if self._file is None:
            return
        if not self._file.parent.is_dir():  # the lock would make it
            raise UnusableDatabase(f"cannot be used: unable to open {self._file}: there is no such folder")
        beside = _beside(self._file)
        self._lock = FileLock(beside, timeout=0, thread_local=False, fallback_to_soft=False, on_acquired=_sign)
        try:
            self._lock.acquire()
            _refuse_second_name(self._file)
        except Timeout:
            raise UnusableDatabase(_taken(self._file, beside)) from None
        except (OSError, NotImplementedError) as problem:
            why = getattr(problem, "strerror", None) or "locks do not work there"
            raise UnusableDatabase(f"cannot be used: unable to open {beside}: {why}") from problem

    def holder(self) -> str | None:
        """Who holds it, in words; None where nobody does. Nothing is changed, and it is not kept."""
        if self._file is None or not (beside := _beside(self._file)).exists():
            return None
        try:
            with FileLock(beside, timeout=0, thread_local=False, fallback_to_soft=False):
                return None
        except Timeout:
            return f"process {_signed(beside)}" if _signed(beside) else "another process"
        except (OSError, NotImplementedError):
            return None

    def release(self) -> None:
        if self._file is not None:
            self._lock.release()


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.lock")


def _refuse_second_name(file: Path) -> None:
    """SQLite keeps its log under the file's name: by two names, two processes would each write one of their own."""
    if file.exists() and file.stat().st_nlink > 1:
        raise UnusableDatabase(f"names {file}, which has a second name (a hard link): remove that, or make it a copy")


def _sign(lock: int) -> None:
    """Who holds it is a help to people only: a full disk must not keep us from the lock."""
    with suppress(OSError):
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)


def _taken(file: Path, beside: Path) -> str:
    holder = f" (process {_signed(beside)})" if _signed(beside) else ""
    return f"names {file}, which another Folkmoot uses{holder}: stop that one, or give this one a database of its own"


def _signed(beside: Path) -> int | None:
    """The process that has signed for the lock, where that can be read."""
    with suppress(OSError, ValueError):
        return int(beside.read_text(encoding="ascii"))
    return None
