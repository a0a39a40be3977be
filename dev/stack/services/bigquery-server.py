"""Starts the local BigQuery with two of its habits changed.

It closes an idle connection after 5 s, often just as a client writes to it, which reads as a socket that hung up: they are
kept open as long as the service keeps them.

It lists a table's rows, and takes rows by gRPC, in threads that share one DuckDB connection with the statements of the event
loop. A connection holds one result, so a query asked at that moment answered with the rows of the other, or the process
crashed: each such thread gets a connection of its own.
"""

import functools
import threading

import uvicorn
from bqemulator.storage.engine import DuckDBEngine

uvicorn.Config.__init__ = functools.partialmethod(uvicorn.Config.__init__, timeout_keep_alive=240)

of_event_loop = DuckDBEngine.connection.fget
own = threading.local()


def connection_of_thread(engine):
    if threading.current_thread() is threading.main_thread():
        return of_event_loop(engine)
    if not hasattr(own, "connection"):
        own.connection = of_event_loop(engine).cursor()
        own.connection.execute("SET TimeZone = 'UTC'")
    return own.connection


DuckDBEngine.connection = property(connection_of_thread)

from bqemulator.cli import main  # noqa: E402  (after the changes above)

main()
