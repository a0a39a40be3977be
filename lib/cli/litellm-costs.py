"""Prints, as JSON, where LiteLLM's own map of prices lies and what its completion_cost says of requests, for the test beside this file.

Takes a JSON list of requests: provider, model, tokens_in and tokens_out with the cached and reasoning ones among them.
"""

import json
import pathlib
import sys

import litellm
from litellm.types.utils import CompletionTokensDetailsWrapper, ModelResponse, PromptTokensDetailsWrapper, Usage


def cost(request):
    usage = Usage(
        prompt_tokens=request["tokens_in"],
        completion_tokens=request["tokens_out"],
        total_tokens=request["tokens_in"] + request["tokens_out"],
        prompt_tokens_details=PromptTokensDetailsWrapper(
            cached_tokens=request["cache_read_tokens"],
            cache_creation_tokens=request["cache_write_tokens"],
        ),
        completion_tokens_details=CompletionTokensDetailsWrapper(reasoning_tokens=request["reasoning_tokens"]),
        cache_read_input_tokens=request["cache_read_tokens"],
        cache_creation_input_tokens=request["cache_write_tokens"],
    )
    response = ModelResponse(model=request["model"], usage=usage)
    return litellm.completion_cost(
        completion_response=response, model=request["model"], custom_llm_provider=request["provider"]
    )


requests = json.loads(sys.argv[1])
costs = [cost(request) for request in requests]
map_file = pathlib.Path(litellm.__file__).parent / "model_prices_and_context_window_backup.json"
print(json.dumps({"map": str(map_file), "costs": costs}))
