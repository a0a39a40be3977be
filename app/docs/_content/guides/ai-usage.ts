/** Traces of requests to AI models. */
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import { litellm, otelSpans } from '@/app/docs/_samples/ai-clients';
import { newUuid, now } from '@/app/docs/_samples/made';
import { requestSample } from '@/app/docs/_samples/request';

const content = ({ dataPlane: address }: Addresses): DocsPage => ({
  slug: 'ai-usage',
  title: 'AI usage',
  lead: 'What requests to AI models cost, by model, developer and repository: from LiteLLM, from OpenTelemetry, or from your own code.',
  sections: [
    {
      id: 'send',
      title: 'Sending a record',
      blocks: [
        'With a key of the scope `traces:write`. The body is one record, a JSON array, or an object a line. `200` means stored for good; what could not be taken is listed in `refused`, each with its field and reason.',
        {
          sample: requestSample('traces-send', 'Send a trace', {
            method: 'POST',
            address,
            path: ['/v1/traces'],
            auth: 'key',
            body: {
              session_id: newUuid,
              developer_id: 'mia@example.com',
              timestamp: now,
              model: 'openai/gpt-4o',
              tokens_in: 250,
              tokens_out: 150,
              latency_ms: 1234.5,
              status_code: 200,
              repo_slug: 'acme/shop',
            },
          }),
        },
        'The same record sent again is one row. `503` with `Retry-After` ([`slow_down`](/docs/errors#slow_down)) means that nothing of it was kept: send the same again. Bodies have at most 16 MB and 20,000 records.',
      ],
    },
    {
      id: 'litellm',
      title: 'LiteLLM',
      blocks: [
        'LiteLLM’s own callback `generic_api` sends each request, in any of its log formats. Set its `max_retries` above 0, as it else drops what was answered by 503. From a program in TypeScript, or a shell, send LiteLLM’s log records as they are.',
        { sample: litellm(address) },
      ],
    },
    {
      id: 'opentelemetry',
      title: 'OpenTelemetry',
      blocks: [
        'Any exporter of OTLP over HTTP, protobuf or JSON, by two variables of its environment:',
        {
          code: `export OTEL_EXPORTER_OTLP_TRACES_ENDPOINT="${address}/v1/traces"\nexport OTEL_EXPORTER_OTLP_TRACES_HEADERS="Authorization=Bearer%20$TENANTRY_KEY"`,
          language: 'bash',
          label: 'the variables of an exporter',
        },
        'Spans that are requests to a model count, by `gen_ai.operation.name` and the older conventions; tools, agents and chains are no rows, so that no token counts twice. Put developer and session on the span or the resource; where they are missing, another span of the same trace counts, of the same request or an earlier one of the last day.',
        { sample: otelSpans(address) },
      ],
    },
    {
      id: 'cost',
      title: 'What a request cost',
      blocks: [
        'The **book price** is by the price book: dollars per million tokens from a day on, the operator’s list prices and over them your own. Where the book has no price it says “no price”, never 0, and a total that leaves requests out says “at least”. The **document price** is a fixed table that never changes.',
        '`tokens_in` includes tokens of a cache and `tokens_out` includes reasoning; neither is billed twice.',
        { tryIt: 'Open Prices', href: '/traces/prices' },
      ],
    },
    {
      id: 'budgets',
      title: 'Budgets',
      blocks: [
        'A budget says what AI may cost in a calendar month (UTC), in all or of one developer, repository or model. It tells at 80 % and at 100 %, and refuses nothing.',
        { tryIt: 'Open AI usage', href: '/traces' },
      ],
    },
    {
      id: 'privacy',
      title: 'What is not kept',
      blocks: [
        'Prompts, answers and tracebacks are read by nothing and kept nowhere. Of an error stays its message, with what looks like a secret masked. Settings has a tab for how long rows are kept.',
      ],
    },
  ],
});

export const aiUsage: PageEntry = { slug: 'ai-usage', title: 'AI usage (LiteLLM, OpenTelemetry)', content };
