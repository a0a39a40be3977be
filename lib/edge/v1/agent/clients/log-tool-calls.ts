/** Logs the tool calls of servers on the official MCP SDK, 1.x and 2.x: `toolLog({ url, key }).watch(server)` before a server connects. */
import { randomUUID } from 'node:crypto';

type Agent = { name: string };
type Meta = { 'io.modelcontextprotocol/clientInfo'?: Agent };
type Params = { name?: string; arguments?: unknown; requestId?: unknown; clientInfo?: Agent; _meta?: Meta };
type Result = { isError?: boolean; content?: { text?: string }[]; _meta?: { bytes_billed?: unknown } };
type Message = { id?: unknown; method?: string; params?: Params; result?: Result; error?: { message: string } };
/** Where the server knows better than its connection. */
type Known = { sessionId?: string; userId?: string };
type Send = (message: Message, options?: object) => Promise<void>;
type Wire = { sessionId?: string; send: Send; onmessage?: (message: Message) => void };
type Server = { connect: (wire: never) => Promise<void> };
const cut = (text: string) => text.slice(0, 2_000).toWellFormed();

export function toolLog({ url, key }: { url: string; key: string }) {
  const waiting: string[] = [];
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    timer = void clearTimeout(timer);
    const events = waiting.splice(0, 50);
    if (events.length === 0) return;
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const request = { method: 'POST', headers, body: `[${events.join(',')}]`, signal: AbortSignal.timeout(10_000) };
    const answer = await fetch(`${url}/v1/agent/events`, request).catch(() => undefined);
    const text = await answer?.text().catch(() => '');
    if (!text?.includes('"refused":[]')) console.error('agent log:', answer?.status ?? 'no answer', text ?? '');
    if (answer && answer.status < 500 && answer.status !== 429) return flush();
    waiting.unshift(...events); // Each event counts once by its id. What waits is bounded, and keeps no process up.
    waiting.splice(10_000);
    timer ??= setTimeout(flush, 5_000).unref();
  }

  function watch<Watched extends Server | { server: Server }>(watched: Watched, { sessionId, userId }: Known = {}) {
    const given: Server | { server: Server } = watched;
    const server = 'server' in given ? given.server : given;
    const connect = server.connect.bind(server) as (wire: Wire) => Promise<void>;
    server.connect = (wire: Wire) => {
      const calls = new Map<unknown, { execution_id: string; tool_name?: string; startedMs: number }>();
      let agent = 'unknown';
      const [ownSession, send] = [randomUUID(), wire.send.bind(wire)];
      const note = (event_type: string, metadata: object, content?: unknown) => {
        const session_id = sessionId ?? wire.sessionId ?? ownSession;
        const event = { event_id: randomUUID(), event_timestamp: new Date().toISOString(), session_id, event_type };
        waiting.push(JSON.stringify({ ...event, user_id: userId ?? agent, metadata, content }));
        timer ??= setTimeout(flush, 1_000);
      };
      const end = (id: unknown, failure?: string, billed?: unknown) => {
        const found = calls.get(id);
        if (!found || !calls.delete(id)) return;
        const { startedMs, ...call } = found;
        const outcome =
          failure === undefined ? { status: 'success' } : { status: 'failure', error_message: cut(failure) };
        const bytes_billed = Number.isSafeInteger(billed) ? billed : undefined;
        note('tool_end', { ...call, ...outcome, bytes_billed, latency_ms: performance.now() - startedMs });
      };
      wire.onmessage = ({ id, method, params }) => {
        agent = params?.clientInfo?.name ?? params?._meta?.['io.modelcontextprotocol/clientInfo']?.name ?? agent;
        if (method === 'notifications/cancelled') end(params?.requestId, 'cancelled');
        if (method !== 'tools/call') return;
        const call = { execution_id: randomUUID(), tool_name: params?.name };
        calls.set(id, { ...call, startedMs: performance.now() });
        const isLong = (JSON.stringify(params?.arguments)?.length ?? 0) > 100_000;
        note('tool_start', call, isLong ? undefined : params?.arguments);
      };
      wire.send = (message, options) => {
        const { id, result, error } = message;
        const said = result?.isError ? (result.content ?? []).map(({ text = '' }) => text).join('\n') : undefined;
        if (result || error) end(id, error?.message ?? said, result?._meta?.bytes_billed);
        return send(message, options);
      };
      return connect(wire);
    };
    return watched;
  }
  return { watch, flush };
}
