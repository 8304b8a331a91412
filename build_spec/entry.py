"""What the frozen file runs."""

from aftercall.extension.__main__ import main

main()
