/** Reads the body of a request to the MCP server: bounded, and JSON before the protocol is asked what it means. */
import { isJsonContentType } from '@modelcontextprotocol/server';
import { bodyProblem } from '@/lib/edge/http/body-shape';
import type { EdgeRequest } from '@/lib/edge/http/message';
import { invalidInput } from '@/lib/kernel/input';
import { unkeepable } from '@/lib/kernel/storable';
import { AppError } from '@/lib/platform/errors';

/** Bytes of a body: a query of 32 kB has room in it several times over. */
export const maxMessageBytes = 262_144;
/** Messages of one batch. */
const maxBatch = 20;
/** Levels of a message. */
const maxDepth = 30;
/** Batches are of this version of the protocol alone; it had no header that names it. */
const batchVersion = '2025-03-26';

/** A message that the protocol itself refuses: JSON-RPC’s own codes and words. */
export class RpcProblem extends Error {
  constructor(
    readonly code: number,
    message: string,
    /** Of the response. */
    readonly status = 400,
  ) {
    super(message);
    this.name = 'RpcProblem';
  }
}

const parseError = -32_700;
const invalidRequest = -32_600;
const notAcceptable = -32_000;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The message, or the batch of them, as it was sent, which is empty where it cancels requests and nothing else. Throws AppError unsupported_media_type, body_too_large, invalid_input,
 * and RpcProblem for what is no JSON or no message.
 */
export async function readMessage(request: EdgeRequest): Promise<unknown> {
  const { headers } = request;
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() || 'identity';
  if (encoding !== 'identity' || !isJsonContentType(headers.get('content-type')))
    throw new AppError('unsupported_media_type', 'Send the body as application/json, without content-encoding.');
  const bytes = await request.readBody({ maxBytes: maxMessageBytes });
  const tooWide = bodyProblem(bytes);
  if (tooWide) throw invalidInput([{ path: '', message: tooWide }]);
  const message = parsed(bytes);
  if (unkeepable(message, maxDepth)?.what === 'depth')
    throw new RpcProblem(invalidRequest, `Invalid Request: nested deeper than ${maxDepth} levels`);
  return Array.isArray(message) ? batch(message, headers.get('mcp-protocol-version')) : message;
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new RpcProblem(parseError, 'Parse error: the body is not valid JSON in UTF-8');
  }
}

function batch(messages: unknown[], version: string | null): unknown[] {
  if (version !== null && version !== batchVersion)
    throw new RpcProblem(invalidRequest, `Invalid Request: protocol version ${version.slice(0, 20)} has no batches`);
  if (messages.length === 0 || messages.length > maxBatch)
    throw new RpcProblem(invalidRequest, `Invalid Request: a batch has from 1 to ${maxBatch} messages`);
  const ids = messages.flatMap(message => (methodOf(message) === null ? [] : idsOf(message)));
  if (new Set(ids).size < ids.length)
    throw new RpcProblem(invalidRequest, 'Invalid Request: two requests of the batch have the same id');
  return messages.filter(message => !isCancellation(message));
}

const idsOf = (message: unknown): unknown[] =>
  typeof message === 'object' && message !== null && 'id' in message ? [message.id] : [];

/** What a batch asks to cancel has its answer in the same response, so there is nothing to cancel. */
const isCancellation = (message: unknown): boolean =>
  methodOf(message) === 'notifications/cancelled' && idsOf(message).length === 0;

/** The method that a message names; null for what is none. */
const methodOf = (message: unknown): string | null =>
  typeof message === 'object' && message !== null && 'method' in message && typeof message.method === 'string'
    ? message.method
    : null;

const reads = ['tools/call', 'resources/list', 'resources/read'];

export type AnswerForm = 'json' | 'sse';

/** What a client takes: JSON wherever it does, else events. Throws RpcProblem where it is neither. */
export function answerForm(accept: string | null): AnswerForm {
  const takes = accept ?? '*/*';
  if (/\*\/\*|application\/(?:json|\*)/i.test(takes)) return 'json';
  if (/text\/(?:event-stream|\*)/i.test(takes)) return 'sse';
  throw new RpcProblem(notAcceptable, 'Not Acceptable: answers are application/json or text/event-stream', 406);
}

/** How many calls of the API a message is: tools that it calls and resources that it lists or reads; the rest is conversation. */
export const callsIn = (message: unknown): number =>
  [message].flat().filter(one => reads.includes(methodOf(one) ?? '')).length;
