"""Starts the local BigQuery with connections kept open as long as the service keeps them.

Its default of 5 s closes a pooled connection just as a client writes to it, which reads as a socket that hung up.
"""

import functools

import uvicorn

uvicorn.Config.__init__ = functools.partialmethod(uvicorn.Config.__init__, timeout_keep_alive=240)

from bqemulator.cli import main  # noqa: E402  (after the default above is set)

main()
