"""URLs that are secrets: whoever knows one may use it."""

from __future__ import annotations

CAPABILITIES = (
    ("hooks.slack.com", "services/", 2),
    ("hooks.slack.com", "workflows/", 3),
    ("hooks.slack.com", "triggers/", 2),
    ("hooks.slack.com", "commands/", 2),
    ("hooks.slack.com", "actions/", 2),
    ("hooks.zapier.com", "hooks/catch/", 1),
    ("discord.com", "api/webhooks/", 1),
    ("discord.com", "api/v10/webhooks/", 1),
    ("discord.com", "api/v9/webhooks/", 1),
    ("discordapp.com", "api/webhooks/", 1),
    ("api.telegram.org", "bot", 1),
    ("api.telegram.org", "file/bot", 1),
    ("webhook.office.com", "webhookb2/", 2),
    ("outlook.office.com", "webhook/", 2),
    ("outlook.office365.com", "webhook/", 2),
    ("api.netlify.com", "build_hooks/", 0),
    ("events.pagerduty.com", "integration/", 0),
    ("maker.ifttt.com", "trigger/", 4),
)
"""End of a host's name, beginning of a path, how many parts of the path at most stand before the secret."""

_ONLY_HOOKS = "hooks."
"""Hosts that are called so serve nothing else."""


def is_capability(host: str, path: str) -> bool:
    """Whether whoever knows the path may use it. `host`: with or without its port; `path`: without its first slash."""
    name = host.lower().partition(":")[0].rstrip(".")
    return "/" in path and any(
        name.endswith(end) and (end.startswith(_ONLY_HOOKS) or path.startswith(beginning))
        for end, beginning, _ in CAPABILITIES
    )
