/** Messages to the MCP server for tests, as a client of 2025 sends them once it has shaken hands. */
import { caller, type Received, type Sent, type Transport } from '@/dev/testing/data-plane';

export type ToolAnswer = { isError: boolean; texts: string[]; data: Record<string, unknown>; problem: Problem };
type Problem = { code?: string; errors?: { path: string; message: string }[]; [name: string]: unknown };

export type McpDoor = {
  /** Sends a message, or whatever else stands for one. */
  send: (body: unknown, key?: string, more?: Sent) => Promise<Received>;
  /** The result of a request; throws what the server answered where it was none. */
  ask: (method: string, params: object, key: string) => Promise<Record<string, unknown>>;
  /** Names of the tools that a key may use. */
  tools: (key: string) => Promise<string[]>;
  call: (name: string, args: object | undefined, key: string, meta?: object) => Promise<ToolAnswer>;
  close: () => Promise<void>;
};

export const rpc = (method: string, params: object = {}, id: string | number = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});

/** Opens a transport of the data plane. */
export async function mcpDoor(transport: Transport): Promise<McpDoor> {
  const opened = await transport.open();
  const http = caller(opened.send);
  const send: McpDoor['send'] = (body, key, { headers, ...more } = {}) =>
    http('/v1/mcp', {
      method: 'POST',
      key,
      body: typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2025-11-25',
        ...headers,
      },
      ...more,
    });
  const ask: McpDoor['ask'] = async (method, params, key) => {
    const answer = await send(rpc(method, params), key);
    if (answer.status === 200 && answer.json.result) return answer.json.result as Record<string, unknown>;
    throw new Error(`${method}: ${answer.status} ${answer.text}`);
  };
  return {
    send,
    ask,
    tools: async key => ((await ask('tools/list', {}, key)).tools as { name: string }[]).map(({ name }) => name),
    call: async (name, args, key, meta) =>
      readAnswer(await ask('tools/call', { name, arguments: args, ...(meta ? { _meta: meta } : {}) }, key)),
    close: opened.close,
  };
}

function readAnswer(result: Record<string, unknown>): ToolAnswer {
  const texts = (result.content as { text: string }[]).map(({ text }) => text);
  const isError = result.isError === true;
  const problem = isError ? (JSON.parse(texts[1] ?? '{}') as Problem) : {};
  return { isError, texts, problem, data: (result.structuredContent ?? {}) as Record<string, unknown> };
}
