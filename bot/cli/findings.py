"""What the doctor finds: one line each, on what is right or on what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """`WARNING`: it works, and somebody should know."""

    GOOD = "good"
    WARNING = "warning"
    TO_DO = "to do"


@dataclass(frozen=True, slots=True)
class Finding:
    verdict: Verdict
    subject: str
    sentence: str


def good(subject: str, sentence: str) -> Finding:
    return Finding(Verdict.GOOD, subject, sentence)


def warning(subject: str, sentence: str) -> Finding:
    return Finding(Verdict.WARNING, subject, sentence)


def to_do(subject: str, sentence: str) -> Finding:
    return Finding(Verdict.TO_DO, subject, sentence)
