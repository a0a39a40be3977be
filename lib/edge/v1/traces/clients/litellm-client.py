"""Asks mocked models through LiteLLM, whose own GenericAPILogger tells us: <endpoint> <key> <log format> <retries>."""

import asyncio
import json
import sys

import litellm
from litellm.caching.caching import Cache
from litellm.integrations.generic_api.generic_api_callback import GenericAPILogger

endpoint, key, log_format, retries = sys.argv[1:]
question = [{"role": "user", "content": "What is the secret question?"}]


async def ask(model, **more):
    """Asks and says what the caller of LiteLLM sees of the tokens."""
    try:
        answer = await litellm.acompletion(model=model, messages=question, user="dev@example.com", **more)
    except litellm.exceptions.RateLimitError:
        return None
    if more.get("stream"):
        async for _ in answer:
            pass
        return None
    return {"prompt": answer.usage.prompt_tokens, "completion": answer.usage.completion_tokens}


async def main():
    logger = GenericAPILogger(
        endpoint=endpoint,
        headers={"Authorization": f"Bearer {key}"},
        log_format=log_format,
        max_retries=int(retries),
        retry_delay=0.2,
        flush_interval=3600,
    )
    litellm.callbacks = [logger]
    litellm.cache = Cache(type="local")
    metadata = {"spend_logs_metadata": {"repo": "acme/shop"}, "tags": ["team-a"]}
    common = {"mock_response": "A mocked answer.", "litellm_session_id": "sess-1", "metadata": metadata}
    usage = {
        "success": await ask("openai/gpt-4o", **common),
        "other": await ask("anthropic/claude-3-haiku-20240307", **common),
    }
    await ask("openai/gpt-4o-mini", stream=True, **common)
    await ask("openai/gpt-4", **{**common, "mock_response": "litellm.RateLimitError"})
    for _ in range(2):
        usage["cached"] = await ask("openai/gpt-4.1", caching=True, **common)
        await asyncio.sleep(0.5)
    for _ in range(600):
        if len(logger.log_queue) >= 6:
            break
        await asyncio.sleep(0.1)
    sent = len(logger.log_queue)
    await logger.async_send_batch()
    print(json.dumps({"sent": sent, "usage": usage}))


asyncio.run(main())
