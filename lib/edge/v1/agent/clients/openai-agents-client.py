"""An agent on OpenAI's Agents SDK under OpenLLMetry's instrumentation: <models' address> <POST /v1/traces> <key>."""

import asyncio
import json
import sys

from openai import AsyncOpenAI
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.openai_agents import OpenAIAgentsInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from agents import Agent, OpenAIChatCompletionsModel, Runner, function_tool

models, endpoint, key = sys.argv[1:]
exporter = OTLPSpanExporter(endpoint=endpoint, headers={"Authorization": f"Bearer {key}"})
provider = TracerProvider(resource=Resource.create({"service.name": "analyst"}))
provider.add_span_processor(BatchSpanProcessor(exporter))
OpenAIAgentsInstrumentor().instrument(tracer_provider=provider)


@function_tool
def bq_list_tables(dataset: str) -> list[str]:
    """Lists the tables of a dataset."""
    return [f"{dataset}.orders", f"{dataset}.customers"]


@function_tool
def bq_query(sql: str) -> str:
    """Runs a query."""
    raise ValueError("Not found: Table orders_2019")


client = AsyncOpenAI(base_url=models, api_key="none", max_retries=0)
model = OpenAIChatCompletionsModel(model="gpt-4o", openai_client=client)
agent = Agent(name="analyst", instructions="Answer.", model=model, tools=[bq_list_tables, bq_query])


async def main():
    answer = await Runner.run(agent, "Which tables are there?")
    try:
        await Runner.run(agent, "Once more")
        refused = None
    except Exception as error:
        refused = type(error).__name__
    provider.shutdown()
    print(json.dumps({"text": answer.final_output, "refused": refused}))


asyncio.run(main())
