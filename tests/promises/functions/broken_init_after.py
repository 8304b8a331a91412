"""Fails to be imported while our hook on the report of that is broken."""

import sys

door = sys.modules["_aftercall"]
door.broken.update(place for place in door.known if place.endswith(".post_init_error after"))

import nothing_like_this  # noqa: E402  after the hook is broken

handler = nothing_like_this.handler
