"""Tells Tenantry in the background that a run's worker lives, and hears whether somebody asked for the run's end."""

from __future__ import annotations

import random
import threading

from tenantry._deliver import tell_of_lost_run
from tenantry._http import Http, Unreachable
from tenantry._journal import Journal
from tenantry._values import log
from tenantry.errors import TenantryError


# A worker that reports nothing for long hears by its heartbeats alone that its run is to end.
_MOST_SECONDS = 60.0


def pause_between(lease_seconds: float) -> float:
    """Seconds from one heartbeat to the next."""
    return min(lease_seconds / 3, _MOST_SECONDS)


class Heartbeat:
    """Sends one heartbeat each third of the lease, and each minute at least, until the run's end has arrived."""

    def __init__(self, http: Http, journal: Journal, lease_seconds: float) -> None:
        self._http = http
        self._journal = journal
        self._every = pause_between(lease_seconds)
        self._stopped = threading.Event()

    def start(self) -> None:
        """Starts the thread, which ends with the process."""
        threading.Thread(target=self._work, name=f"tenantry-heartbeat-{self._journal.run_id[:8]}", daemon=True).start()

    def stop(self) -> None:
        """Sends no more."""
        self._stopped.set()

    def _work(self) -> None:
        wait = self._every
        while not self._stopped.wait(wait):
            try:
                wait = self._every if self.beat() else min(self._every, random.uniform(1.0, 3.0))
            except Exception:  # A heartbeat that fails is tried again, whatever the reason.
                log.debug("A heartbeat failed.", exc_info=True)

    def beat(self) -> bool:
        """Sends one heartbeat; False where it did not arrive and should soon be tried again."""
        journal = self._journal
        body = {} if journal.customer_id is None else {"customer_id": journal.customer_id}
        try:
            answer = self._http.post(f"/v1/runs/{journal.run_id}/heartbeat", body, timeout=max(1.0, min(10.0, self._every)))
        except Unreachable as error:
            log.debug("No heartbeat of run %s: %s", journal.run_id, error)
            return False
        except TenantryError as error:
            if error.status in (404, 409):
                if not journal.has_ended:
                    tell_of_lost_run(journal, error)
                self.stop()
            else:
                journal.tell_once("heartbeat", f"Heartbeats of run %s are refused: {error}")
            return True
        if answer.body.get("cancel_requested") is True:
            journal.cancelled.set()
        return True
