/** The agent log, and servers of MCP that write into it. */
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import { newUuid, now } from '@/app/docs/_samples/made';
import { mcpServerLine1, mcpServerLine2, toolLogName } from '@/app/docs/_samples/mcp-servers';
import { requestSample } from '@/app/docs/_samples/request';
import { toolLogFile } from '@/app/docs/_samples/tool-log';

const fields: readonly (readonly [string, string])[] = [
  ['`event_id`', 'a UUID of version 4, made by you; sent again within 30 days it is recorded once'],
  ['`event_timestamp`', 'when it happened, with its offset; at most an hour ahead, one of the last 365 days'],
  ['`session_id`', 'the conversation or task'],
  ['`user_id`', 'on whose behalf the agent worked'],
  ['`event_type`', '`message_sent`, `tool_start`, `tool_end` or `error`'],
  ['`content`', 'any JSON, at most 256 kB'],
  [
    '`metadata`',
    'at most 32 kB: `execution_id` pairs start and end, `tool_name`, `status`, `bytes_billed`, `model`, …',
  ],
];

const content = ({ dataPlane: address }: Addresses): DocsPage => ({
  slug: 'agent-log',
  title: 'Agent log and MCP',
  lead: 'What your agents said, ran, cost and failed at: kept for a year, searchable, and provably unchanged.',
  sections: [
    {
      id: 'events',
      title: 'Sending events',
      blocks: [
        'With a key of the scope `agent-log:write`. The start and the end of a tool’s call share an `execution_id`.',
        {
          sample: requestSample('agent-events', 'Log a call of a tool', {
            method: 'POST',
            address,
            path: ['/v1/agent/events'],
            auth: 'key',
            body: [
              {
                event_id: newUuid,
                event_timestamp: now,
                session_id: 'chat-42',
                user_id: 'mia@example.com',
                event_type: 'tool_start',
                content: { sql: 'SELECT 1' },
                metadata: { execution_id: 'call-1', tool_name: 'bq_query' },
              },
              {
                event_id: newUuid,
                event_timestamp: now,
                session_id: 'chat-42',
                user_id: 'mia@example.com',
                event_type: 'tool_end',
                metadata: {
                  execution_id: 'call-1',
                  tool_name: 'bq_query',
                  status: 'success',
                  bytes_billed: 10_485_760,
                },
              },
            ],
          }),
        },
        { caption: 'Fields of an event', head: ['Field', 'What it is'], rows: fields },
        '`200` means that all that is not in `refused` is stored for good. Mend what was refused, and send that alone.',
      ],
    },
    {
      id: 'spans',
      title: 'OpenTelemetry',
      blocks: [
        'A key with `agent-log:write` may send spans to `/v1/traces`: calls of tools become `tool_start` and `tool_end`, requests to models become messages. With `traces:write` as well the same spans are [AI usage](/docs/ai-usage#opentelemetry) too.',
      ],
    },
    {
      id: 'mcp',
      title: 'Logging your own MCP servers',
      blocks: [
        'This is about servers that you run. The one by which agents ask what Tenantry keeps is [the MCP server](/docs/mcp).',
        'A server of the Model Context Protocol logs each of its tools’ calls by the two events above: `tool_start` with the arguments before the tool runs, `tool_end` with its status after it. A session is a connection, the user is the client’s name. A tool that knows what its BigQuery jobs billed reports it as `bytes_billed`.',
        `It takes two files. The first is \`${toolLogName}\`, which needs no package and does that for any server on the official SDK, 1.x and 2.x. It sends in batches and keeps what was not taken; an event with the same \`event_id\` is recorded once, however often it comes.`,
        { code: toolLogFile.trimEnd(), language: 'typescript', label: toolLogName },
        'The second is your server, which hands itself to `log.watch` before it connects. This one is on the SDK’s line 1.x, `@modelcontextprotocol/sdk`.',
        { code: mcpServerLine1(address), language: 'typescript', label: 'server.ts on 1.x' },
        'And this one on its line 2.x, `@modelcontextprotocol/server`. Over HTTP it is `createMcpHandler(() => log.watch(createServer(), { sessionId, userId }))`: each request is a connection there, so say whose it is.',
        { code: mcpServerLine2(address), language: 'typescript', label: 'server.ts on 2.x' },
        'Node.js from 22.18 on runs both files as they stand, `node server.ts`, with a key of the scope `agent-log:write` in `TENANTRY_KEY`. Where a signal or `process.exit` ends the process, `await log.flush()` before.',
      ],
    },
    {
      id: 'masking',
      title: 'What is masked',
      blocks: [
        {
          list: [
            '**IP addresses** in `client_info` are cut to their network, always.',
            '**Secrets** as they are known by their form, and values under names such as `password`, become `[secret]`, unless that is switched off.',
            '**E-mail addresses** become `[email]` where that is switched on.',
          ],
        },
        'It is done before anything is stored, so what is masked is nowhere. Ids stay as they were sent: send a pseudonym where a user must not be known by name.',
      ],
    },
    {
      id: 'proof',
      title: 'Proof and erasure',
      blocks: [
        'Each event gets a number and a hash made of the one before, and once a day the end of the chain is sealed. A session can be taken away with its proof. An owner erases a user: what they said goes, figures of tools stay, and the chain still verifies.',
        { tryIt: 'Open the agent log', href: '/agent-log' },
      ],
    },
  ],
});

export const agentLog: PageEntry = { slug: 'agent-log', title: 'Agent log and MCP', content };
