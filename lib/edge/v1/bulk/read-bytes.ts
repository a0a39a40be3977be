/** Reads large bodies: plain, gzip or deflate, bounded as sent and as inflated, and counted against the room of the process. */
import { isUtf8 } from 'node:buffer';
import { bodyProblem } from '@/lib/edge/http/body-shape';
import { type Compression, inflated } from '@/lib/edge/http/inflate';
import type { EdgeRequest } from '@/lib/edge/http/message';
import type { Room } from '@/lib/edge/v1/bulk/body-room';
import { invalidInput } from '@/lib/kernel/input';
import { AppError } from '@/lib/platform/errors';

/** Senders say application/json whatever they send, so the type of a text decides nothing more. */
const textType =
  /^(?:text\/plain|application\/(?:(?:[a-z0-9.-]+\+)?json|x-ndjson|ndjson|jsonl))\s*(?:;\s*charset="?(?:utf-?8|us-ascii)"?\s*)?;?\s*$/i;
const compressions: Record<string, Compression | null> = {
  identity: null,
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
};

/** What holds a parser alone for too long; a body of 20,000 usual records has less. */
const shapeLimits = { names: 20_000, containers: 600_000 };

export type BodyForm = {
  /** As sent, and after it was decompressed. */
  bodyBytes: number;
  plainBytes: number;
  /** Types besides those of JSON texts. */
  otherType?: RegExp;
  /** What the sender is told to send. */
  wanted: string;
};

/** A body that is not what it should be. */
export const broken = (message: string, cause?: unknown) => new AppError('invalid_json', message, { cause });

/**
 * The bytes of the body as its sender had them before compressing. Throws AppError unsupported_media_type, body_too_large,
 * invalid_json, and slow_down where the process has no room for them.
 */
export async function readBytes(request: EdgeRequest, room: Room, form: BodyForm): Promise<Buffer> {
  const { headers } = request;
  const type = headers.get('content-type') ?? '';
  if (type !== '' && !textType.test(type) && !form.otherType?.test(type))
    throw new AppError('unsupported_media_type', form.wanted);
  const by = compressions[headers.get('content-encoding')?.trim().toLowerCase() || 'identity'];
  if (by === undefined)
    throw new AppError('unsupported_media_type', 'Send the body plain, or with content-encoding gzip or deflate.');
  const sent = await request.readBody({ maxBytes: form.bodyBytes, onPart: room.take });
  if (by === null) return sent;
  const plain = await inflated(sent, by, form.plainBytes);
  room.take(plain.length);
  return plain;
}

/** Throws AppError invalid_json and invalid_input for bytes that are no text of JSON, or one that holds the parser too long. */
export function requireText(bytes: Buffer): void {
  if (bytes.length === 0) throw broken('This call needs a body.');
  if (!isUtf8(bytes)) throw broken('The body is not UTF-8.');
  const tooWide = bodyProblem(bytes, shapeLimits);
  if (tooWide) throw invalidInput([{ path: '', message: tooWide }]);
}

/** Text of bytes that are one, without a byte order mark. */
export const textOf = (bytes: Buffer): string => bytes.toString('utf8').replace(/^\ufeff/, '');
