"""Methods by which the bot gets updates: long polling, or a webhook."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import orjson

from bot.sandbox.method import Method
from bot.sandbox.refusals import Refusal, bad_request
from bot.sandbox.shapes import (
    Json,
    Shape,
    array,
    encoded,
    flag,
    not_offered,
    text,
    whole,
    word_of,
)
from bot.sandbox.updates import KINDS
from bot.sandbox.world import World

_LONGEST_POLL = 50
_BATCH = 100
_CONNECTIONS = 40
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_WEBHOOK_SET = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


async def _get_updates(world: World, p: Json) -> list[orjson.Fragment]:
    if world.webhook.url:
        raise Refusal(409, _WEBHOOK_SET)
    world.updates.allow(p.get("allowed_updates"))
    limit = min(max(p.get("limit", _BATCH), 1), _BATCH)
    seconds = min(max(p.get("timeout", 0), 0), _LONGEST_POLL)
    taken = await world.updates.poll(p.get("offset", 0), limit, seconds)
    return [orjson.Fragment(update.body) for update in taken]


async def _set_webhook(world: World, p: Json) -> bool:
    url, secret = p.get("url", ""), p.get("secret_token", "")
    if not url:
        return await _delete_webhook(world, p)
    # Plain HTTP and any port are taken, as by a Bot API server of one's own.
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise bad_request("invalid webhook URL specified")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters or is too long")
    world.updates.interrupt("Conflict: terminated by setWebhook request")
    world.updates.allow(p.get("allowed_updates"))
    if p.get("drop_pending_updates"):
        world.updates.drop_all()
    connections = min(max(p.get("max_connections", _CONNECTIONS), 1), 100)
    await world.webhook.set(url, secret, connections, p.get("ip_address"))
    return True


async def _delete_webhook(world: World, p: Json) -> bool:
    if p.get("drop_pending_updates"):
        world.updates.drop_all()
    await world.webhook.close()
    return True


def _webhook_info(world: World, _p: Json) -> Json:
    return world.webhook.described()


_DROP: dict[str, Shape] = {"drop_pending_updates": flag}
_ALLOWED: dict[str, Shape] = {"allowed_updates": encoded(array(word_of(*KINDS)))}

METHODS = (
    Method(
        "getUpdates",
        _get_updates,
        {},
        _ALLOWED | {"offset": whole, "limit": whole, "timeout": whole},
    ),
    Method(
        "setWebhook",
        _set_webhook,
        {},
        _ALLOWED
        | _DROP
        | {
            "url": text,
            "secret_token": text,
            "max_connections": whole,
            "ip_address": text,
            "certificate": not_offered,
        },
    ),
    Method("deleteWebhook", _delete_webhook, {}, _DROP),
    Method("getWebhookInfo", _webhook_info),
)
