"""The verbs of a matter, as methods of Case. Each one runs inside `move` and writes exactly one event."""

from huiyin.cases.verbs.answering import Answering
from huiyin.cases.verbs.correcting import Correcting
from huiyin.cases.verbs.dispatching import Dispatching
from huiyin.cases.verbs.handling import Handling
from huiyin.cases.verbs.receiving import Receiving
from huiyin.cases.verbs.supervising import Supervising
from huiyin.cases.verbs.watching import Watching


class Verbs(Receiving, Dispatching, Handling, Supervising, Answering, Correcting, Watching):
    """All verbs together."""

    def do(self, verb: str, *, by, particulars: dict | None = None, **given):
        """Run any verb by its name, also those that rooms above bring; `particulars` are code → value of the kind."""
        from huiyin.cases.moving import ACTS

        self.__dict__["given"] = particulars or {}
        try:
            act = ACTS.get(verb)
            return act(self, by=by, **given) if act else getattr(self, verb)(by=by, **given)
        finally:
            self.__dict__.pop("given", None)
