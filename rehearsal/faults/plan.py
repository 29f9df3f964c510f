"""Fault plans: a YAML list of rules, or a mapping of a `seed` and `rules`.

    - fault: drop              # what happens
      event: reaction_added    # to which deliveries
      by: ben
      nth: 2                   # and to which of those

To deliveries, over Socket Mode and signed HTTP alike:

- `drop`: never delivered, and not tried again. A command or click ends in `operation_timeout` for the person.
- `double`: twice, with the same `event_id` or trigger; the second `seconds` later, and as one of Slack's retries
  when `retry: true`.
- `connect_double`: twice, as in Slack Connect: another `event_id` and envelope.
- `retry`: the first try gets lost on its way, the retry (after `seconds`) arrives.
- `delay`: `seconds` later. A command or click has then timed out for the person, its trigger is expired, and it
  arrives all the same.
- `hold`: kept back until the rule is released (`POST /stage/faults {"release": true}`).
- `swap`: kept back until the next one that the rule is about has been delivered, or `seconds` (60) have passed.
- `reorder`: all within `seconds` (5) are delivered at the end of them, `order: reversed` or `shuffled`.
- `alias`: reaction events call the emoji by another name: `to`, or its first alias (`thumbsup` for `+1`).
- `disconnect`: connections are closed and, for `seconds`, none can be made; events meanwhile are `retried` when the
  bot is back (within six minutes) or `lost`, as `meanwhile` says. It happens just before such a delivery, or, with
  `at`, at a time. To settle afterwards is to wait for the bot's new connection.
- `freeze`: as `disconnect`, but nobody is told: Socket Mode connections stay open, and nothing comes over them any
  more, nor an answer to a ping. Only a new connection, which the bot has to think of itself, ends it.

To answers of the Web API:

- `slow`: what was asked is done at once and answered `seconds` later, in real seconds when `real: true`.
- `ratelimited`: 429 with `retry_after` seconds (30, or what is left until `until`).
- `status`: an HTTP `status` (503). `error`: `ok: false` with an `error` (internal_error).
- `hang_up_before` and `hang_up_after` Slack has done what was asked; `taken_late`: it hangs up, and does it all the
  same `seconds` later.
- `hold_before` and `hold_after`: the call stops, before or after Slack has done what was asked, until the rule is
  released or the caller's connection is gone. To settle is to wait for it.
- `cut_users`: `reactions.get` names only the first `users` (50) of each reaction, although its count is whole;
  with `full=true` too when `even_full: true`. `miss_reactions`: it does not tell of reactions. Both may name an
  `emoji`.

To the bot's clock:

- `wrong_clock`: it is so many `seconds` ahead of Slack's, or behind it where they are negative, from `after` to
  `until`. Over signed HTTP, Slack's signatures are then as old.

Which: `event`, `command`, `action` (an action_id, a callback_id or the kind of interaction) and `method` take `*`;
`by`, `channel` and `workspace` are names or ids; an `emoji` without a tone means every tone. When: `after` and `until`
(`+H:MM:SS` from the moment the rule is given, a moment such as 2021-04-21T10:00:00Z, or microseconds). Of those that
match: `nth` (a number or a list, from 1), `probability`, and no more than so many `times`. Rules are taken in their
order: what one drops or holds back does not reach the next, and a call fails in one way only.

Time is play time. Chance comes from the seed, which is reported; the same seed strikes the same ones.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml

from rehearsal.faults.rule import PlanError, Rule, rule_of
from rehearsal.plain_yaml import load_plain


@dataclass(frozen=True)
class FaultPlan:
    """Without a `seed` one is drawn when the stage starts."""

    rules: tuple[Rule, ...] = ()
    seed: int | None = None


def load_plan(path: str | Path) -> FaultPlan:
    """The plan in a file; `PlanError` says what is wrong with which rule, `OSError` that it cannot be read."""
    path = Path(path)
    try:
        document = load_plain(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise PlanError(f"{path.name}: {problem}") from None
    plan = document if isinstance(document, dict) else {"rules": document}
    seed, rules = plan.get("seed"), plan.get("rules")
    if set(plan) - {"seed", "rules"} or not isinstance(rules, list):
        raise PlanError(f"{path.name}: a plan is a list of rules, or a mapping of a seed and rules.")
    if seed is not None and not str(seed).isdecimal():
        raise PlanError(f"{path.name}: the seed is a number.")
    read = tuple(_rule(path, number, each) for number, each in enumerate(rules, start=1))
    return FaultPlan(read, None if seed is None else int(seed))


def _rule(path: Path, number: int, given: object) -> Rule:
    try:
        return rule_of(given)
    except PlanError as problem:
        raise PlanError(f"{path.name}: rule {number}: {problem}") from None
