"""Well-known APIs: a name, and templates of paths that rules for any path would not find. One line each."""

from __future__ import annotations

APIS: dict[str, tuple[str, tuple[str, ...]]] = {
    "api.anthropic.com": ("Anthropic", ()),
    "api.github.com": ("GitHub", ("/repos/{owner}/{repo}", "/users/{username}", "/orgs/{org}")),
    "api.openai.com": ("OpenAI", ()),
    "api.sendgrid.com": ("SendGrid", ()),
    "api.stripe.com": ("Stripe", ()),
    "api.telegram.org": ("Telegram", ("/bot{token}", "/file/bot{token}")),
    "api.twilio.com": ("Twilio", ("/2010-04-01/Accounts/{AccountSid}",)),
    "discord.com": (
        "Discord",
        (
            "/api/webhooks/{webhook.id}/{webhook.token}",
            "/api/v{version}/webhooks/{webhook.id}/{webhook.token}",
            "/api/v{version}/channels/{channel.id}",
            "/api/v{version}/guilds/{guild.id}",
        ),
    ),
    "hooks.slack.com": (
        "Slack",
        (
            "/services/{team}/{app}/{token}",
            "/workflows/{team}/{app}/{id}/{token}",
            "/triggers/{team}/{id}/{token}",
        ),
    ),
    "slack.com": ("Slack", ()),
}
"""Host -> name of the service, and how paths begin. What follows is named as in any path."""

MODELS = frozenset({"Anthropic", "OpenAI"})
"""Their calls tell a model and tokens."""


def begun_path(host: str, path: str) -> tuple[str, str, str]:
    """The service's name (empty: it is not known), the template of the path's beginning, and the rest."""
    service, beginnings = APIS.get(host.lower(), ("", ()))
    for beginning in beginnings:
        rest = _rest(beginning.split("/"), path)
        if rest is not None:
            return service, beginning, rest
    return service, "", path


def _rest(template: list[str], path: str) -> str | None:
    segments = path.split("/", len(template))
    if len(segments) < len(template) or not all(map(_fits, template, segments)):
        return None
    return "/" + segments[-1] if len(segments) > len(template) else ""


def _fits(template: str, segment: str) -> bool:
    literal, brace, _ = template.partition("{")
    return segment.startswith(literal) and len(segment) > len(literal) if brace else segment == template
