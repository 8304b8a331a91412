"""URLs that are secrets: whoever knows one may use it."""

from __future__ import annotations

_HOSTS = (
    "hooks.slack.com",
    "discord.com",
    "discordapp.com",
    "webhook.office.com",
    "api.telegram.org",
    "hooks.zapier.com",
)


def is_capability(host: str, path: str) -> bool:
    """Whether whoever knows the path may use it. `host`: with or without its port; `path`: without its first slash."""
    name = host.lower().partition(":")[0].rstrip(".")
    return name.endswith(_HOSTS) and "/" in path
