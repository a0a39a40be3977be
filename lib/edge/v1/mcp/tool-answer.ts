/** A call of a tool: allowed, parsed, answered within bounds; whatever is wrong is an answer that its agent can read. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { McpTool, ToolCaller } from '@/lib/edge/v1/mcp/define-tool';
import { authorise } from '@/lib/kernel/command';
import { invalidInput, isStorable, parseInput } from '@/lib/kernel/input';
import { unkeepable } from '@/lib/kernel/storable';
import { type AppError, toAppError, toProblem } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';

/** Bytes of an answer. The data is in it twice: as it is, and as text for clients that read nothing else. */
const mostBytes = 200_000;

type Params = {
  arguments?: Record<string, unknown> | undefined;
  _meta?: Record<string, unknown> | undefined;
};

/** Calls the tool; never throws. */
export async function callTool(tool: McpTool, caller: ToolCaller, params: Params): Promise<CallToolResult> {
  try {
    const raw = params.arguments ?? {};
    await authorise(caller.ctx, tool.scope, tool.operation);
    requireStorable(raw);
    const session = caller.session ?? sessionIn(params._meta);
    const { data, says } = await tool.run({ ...caller, session }, parseInput(tool.input, raw));
    return bounded(tool, data, says);
  } catch (error) {
    return refusal(error, tool, caller);
  }
}

/** Levels of arguments. */
const maxDepth = 20;

function requireStorable(raw: Record<string, unknown>): void {
  const found = unkeepable(raw, maxDepth);
  if (found)
    throw invalidInput([
      { path: found.path.slice(0, 4).join('.'), message: 'It has a NUL, half a character, or is nested too deep.' },
    ]);
}

/** Where clients that keep no session of the protocol name their conversation. */
function sessionIn(meta: Params['_meta']): string | null {
  const named = meta?.session_id ?? meta?.sessionId ?? meta?.['io.tenantry/session'];
  return typeof named === 'string' && named.trim() !== '' && named.length <= 256 && isStorable(named) ? named : null;
}

const answerOf = (data: Record<string, unknown>, says: string): CallToolResult => ({
  content: [
    { type: 'text', text: says },
    { type: 'text', text: JSON.stringify(data) },
  ],
  structuredContent: data,
});
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '');

/** The answer, with the largest of what the tool lets go cut until it fits, and a note of that. */
function bounded(tool: McpTool, whole: Record<string, unknown>, says: string): CallToolResult {
  let [data, answer] = [whole, answerOf(whole, says)];
  while (bytesOf(answer) > mostBytes) {
    const [largest] = tool.shrinks.toSorted((one, other) => bytesOf(data[other]) - bytesOf(data[one]));
    const value = largest === undefined ? null : data[largest];
    if (largest === undefined || bytesOf(value) < leastCut)
      throw new Error('The answer is too large, whatever is cut.');
    data = { ...data, [largest]: Array.isArray(value) ? value.slice(0, Math.floor(value.length / 2)) : null };
    const cut = tool.shrinks.filter(name => data[name] !== whole[name]);
    const note = `The answer was too large: ${cut.map(name => cutWords(name, data[name], whole[name])).join('; ')}.`;
    data.note = whole.note ? `${whole.note} ${note}` : note;
    answer = answerOf(data, `${says} ${note}`);
  }
  return answer;
}
/** Bytes below which cutting a field gains nothing. */
const leastCut = 10;

const cutWords = (name: string, kept: unknown, whole: unknown): string =>
  Array.isArray(kept) && Array.isArray(whole)
    ? `${name} has the first ${kept.length} of ${whole.length}`
    : `${name} is left out`;

/** What went wrong in words, and the problem document that the same call of the API would answer. */
function refusal(error: unknown, tool: McpTool, { ctx }: ToolCaller): CallToolResult {
  const known = toAppError(error);
  if (known.status >= 500) {
    const about = { err: error, request_id: ctx.requestId, tool: tool.name };
    log()[known.code === 'internal' ? 'error' : 'warn'](about, 'a tool of the MCP server failed');
  }
  const problem = { ...toProblem(known, ctx.requestId), retry_after_seconds: known.retryAfterSeconds };
  return {
    isError: true,
    content: [
      { type: 'text', text: `${known.message}${whereIn(known)}` },
      { type: 'text', text: JSON.stringify(problem) },
    ],
  };
}

/** The fields that are wrong, where the message names none of several; the place in a text of SQL. */
function whereIn({ fields = [], details }: AppError): string {
  if (fields.length > 1) return ` ${fields.map(({ path, message }) => `${path}: ${message}`).join(' ')}`;
  const { line, column } = details ?? {};
  return typeof line === 'number' ? ` (line ${line}, column ${column ?? 1})` : '';
}
