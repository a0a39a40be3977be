/** The MCP server as the document and the page of the API show it; lib/edge/v1/mcp/door.ts answers it. */
import { z } from 'zod';
import type { DocumentedRoute } from '@/lib/edge/v1/define-route';
import { maxMessageBytes } from '@/lib/edge/v1/mcp/read-message';

const kibibyte = 1_024;

export const mcpQuery = z.strictObject({});

const id = z.union([z.string(), z.number()]).nullable();
const message = z.looseObject({
  jsonrpc: z.literal('2.0').meta({ example: '2.0' }),
  id: id.meta({ description: 'Yours; a notification has none, and gets no answer.', example: 1 }),
  method: z.string().meta({ description: 'What is asked.', example: 'tools/list' }),
  params: z.looseObject({}).optional(),
});
const answer = z.looseObject({
  jsonrpc: z.literal('2.0'),
  id,
  result: z.looseObject({}).optional(),
  error: z.object({ code: z.int(), message: z.string() }).optional(),
});

export const mcpRoute: DocumentedRoute = {
  operationId: 'mcp',
  method: 'POST',
  path: '/v1/mcp',
  who: 'customer',
  summary: 'Ask by the Model Context Protocol',
  description: [
    'The MCP server of the organization, for agents: streamable HTTP without sessions, in the versions of the protocol from 2024-11-05 to 2026-07-28. Its tools read and change nothing; each needs a scope of the key, and those that the key may not use are not listed.',
    `A message of JSON-RPC, at most ${maxMessageBytes / kibibyte} kB. What is wrong with a call of a tool is its result with \`isError\`; the errors below are those of the request. A tool that is called and a resource that is listed or read are one API call of the month each; shaking hands and listing tools are none.`,
  ].join('\n\n'),
  permission: null,
  query: mcpQuery,
  body: message,
  success: {
    status: 200,
    schema: answer,
    description: 'The result, or an error of the protocol.',
    others: { 202: 'A notification was heard.' },
  },
  errors: ['bad_origin', 'method_not_allowed'],
};
