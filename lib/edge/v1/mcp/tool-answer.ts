/** A call of a tool: allowed, parsed, answered within bounds; whatever is wrong is an answer that its agent can read. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { McpTool, ToolCaller, ToolResult } from '@/lib/edge/v1/mcp/define-tool';
import { authorise } from '@/lib/kernel/command';
import { invalidInput, isStorable, parseInput } from '@/lib/kernel/input';
import { unkeepable } from '@/lib/kernel/storable';
import { type AppError, toAppError, toProblem } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';

/** Bytes of an answer. The data is in it twice: as it is, and as text for clients that read nothing else. */
export const mostBytes = 200_000;

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
    return bounded(tool, await tool.run({ ...caller, session }, parseInput(tool.input, raw)));
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

/** The answer, with the largest of what the tool lets go cut until it fits, and a note of that and of how to ask for the rest. */
function bounded(tool: McpTool, { data: whole, says, more }: ToolResult<Record<string, unknown>>): CallToolResult {
  let data = whole;
  for (;;) {
    const notes = [cutNote(tool, data, whole), more?.(data)].filter(isText);
    const note = [whole.note, ...notes].filter(isText).join(' ') || null;
    const answer = answerOf({ ...data, note }, [says, ...notes].join(' '));
    if (bytesOf(answer) <= mostBytes) return answer;
    data = withoutLargest(tool, data);
  }
}

const isText = (text: unknown): text is string => typeof text === 'string' && text !== '';

/** The data with its largest field cut of those that may be. */
function withoutLargest(tool: McpTool, data: Record<string, unknown>): Record<string, unknown> {
  const [largest] = tool.shrinks.toSorted((one, other) => bytesOf(data[other]) - bytesOf(data[one]));
  const value = largest === undefined ? null : data[largest];
  if (largest === undefined || bytesOf(value) < leastCut) throw new Error('The answer is too large, whatever is cut.');
  return { ...data, [largest]: Array.isArray(value) ? value.slice(0, Math.floor(value.length / 2)) : null };
}
/** Bytes below which cutting a field gains nothing. */
const leastCut = 10;

/** What was cut of the whole data; null where nothing was. */
function cutNote(tool: McpTool, data: Record<string, unknown>, whole: Record<string, unknown>): string | null {
  const cut = tool.shrinks.filter(name => data[name] !== whole[name]);
  if (cut.length === 0) return null;
  return `The answer was too large: ${cut.map(name => cutWords(name, data[name], whole[name])).join('; ')}.`;
}

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
