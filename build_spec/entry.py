"""What the frozen file runs."""

import os

from aftercall.extension.__main__ import main

# A thread that hangs in an export must not hold the process; lines are written unbuffered.
os._exit(main())
