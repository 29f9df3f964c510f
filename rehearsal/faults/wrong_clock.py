"""The bot's clock, put wrong by rules and right again."""

from collections.abc import Callable
from functools import partial

from rehearsal.agenda import Agenda
from rehearsal.faults.desk import FaultDesk, Standing


class WrongClock:
    """`skew` puts the bot's clock so many seconds ahead of Slack's. Of several rules the last to begin counts."""

    def __init__(self, desk: FaultDesk, agenda: Agenda, skew: Callable[[float], None]) -> None:
        self._agenda = agenda
        self._skew = skew
        self._in_force: Standing | None = None
        desk.on_add.append(self._plan)
        desk.on_lift.append(self._end)
        for standing in desk.rules:
            self._plan(standing)

    def _plan(self, standing: Standing) -> None:
        if standing.rule.fault != "wrong_clock":
            return
        begin = partial(self._begin, standing)
        if standing.after_us is None:
            self._agenda.after(0, begin)
        else:
            self._agenda.at(standing.after_us, begin)
        if standing.until_us is not None:
            self._agenda.at(standing.until_us, partial(self._end, standing))

    def _begin(self, standing: Standing) -> None:
        if not standing.lifted:
            standing.matched = standing.fired = 1
            self._in_force = standing
            self._skew(standing.rule.seconds or 0)

    def _end(self, standing: Standing) -> None:
        if standing is self._in_force:
            self._in_force = None
            self._skew(0)
