"""Sends what processes that are gone had reported: one batch a step, so that runs of this process go first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from tenantry._deliver import Foreign, Refused, deliver
from tenantry._http import Http, Unreachable
from tenantry._spool import LeftBehind, Spool
from tenantry._values import log


class Recovery:
    """One pass over the spool; ``is_complete`` says at its end whether nothing is left that our key may send."""

    def __init__(self, http: Http, spool: Spool) -> None:
        self._http = http
        self._spool = spool
        self.is_complete = False

    def steps(self) -> Iterator[None]:
        """Sends one batch whenever it is advanced; ends early where Tenantry cannot be reached.

        Runs of a customer that is refused wait, and only the first of them asks; those of others are sent.
        """
        refused: set[Optional[str]] = set()
        for found in self._spool.left_behind():
            customer_id = found.journal.customer_id
            try:
                if customer_id not in refused:
                    yield from self._send(found)
            except Refused as error:
                refused.add(customer_id)
                log.debug("What is left of run %s waits: %s", found.journal.run_id, error)
            except Unreachable as error:
                log.debug("What is left in the spool waits: %s", error)
                return
            finally:
                # Of a file that was sent whole this does nothing.
                found.journal.close()
        self.is_complete = not refused

    def _send(self, found: LeftBehind) -> Iterator[None]:
        journal = found.journal
        sent = journal.waiting
        try:
            while journal.waiting > 0:
                batch = journal.read()
                deliver(self._http, journal, batch)
                journal.settle(batch)
                yield
        except Foreign:
            if not found.same_key:
                # Another customer's, or one whose key was renewed elsewhere: not ours to drop.
                return
            log.warning("Tenantry does not know run %s: %d reports of it are dropped.", journal.run_id, journal.waiting)
        if sent:
            log.info("Sent %d reports of run %s, which a process left behind.", sent, journal.run_id)
        if not journal.is_closed:
            journal.delete()
