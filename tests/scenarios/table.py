"""The scenarios, as data: what the client does, what the server does, and which records must come of it.

One table for all libraries. Where a library cannot do a thing at all, `not_possible` says why, by the library's name,
its family or its wire (h2). Everything else that differs between libraries is what the server saw or what the client
raised, and is checked against these, not written down here.
"""

from __future__ import annotations

from .failures import FAILURES
from .hangs import HANGS
from .proxies import PROXIES
from .successes import BODIES, INFORMATIONAL, PLAIN, SEVERAL

__all__ = ["HANGS", "SCENARIOS"]

SCENARIOS = (*PLAIN, *SEVERAL, *INFORMATIONAL, *BODIES, *FAILURES, *PROXIES)
