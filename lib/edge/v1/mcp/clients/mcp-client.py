"""Asks a server of MCP by the official SDK: <url> <key> <mode>; calls come as JSON on stdin, what it was told goes to stdout."""

import asyncio
import json
import sys

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

url, key, mode = sys.argv[1:]
calls = json.load(sys.stdin)


async def main():
    http = httpx2.AsyncClient(headers={"authorization": f"Bearer {key}"}, timeout=60)
    async with Client(streamable_http_client(url, http_client=http), mode=mode) as client:
        tools = (await client.list_tools()).tools
        answers = {}
        for name, arguments in calls.items():
            answer = await client.call_tool(name, arguments)
            answers[name] = {
                "is_error": bool(answer.is_error),
                "data": answer.structured_content,
                "texts": [block.text for block in answer.content],
            }
        resources = []
        if client.server_capabilities.resources is not None:
            for resource in (await client.list_resources()).resources:
                contents = (await client.read_resource(resource.uri)).contents
                resources.append([str(resource.uri), contents[0].text])
        told = {"tools": [tool.name for tool in tools], "answers": answers, "resources": resources}
        print(json.dumps(told))


asyncio.run(main())
