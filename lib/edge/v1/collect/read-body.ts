/** Reads the body of a call that takes events: JSON as application/json or, as browsers send it without asking, text/plain; gzip. */
import { isUtf8 } from 'node:buffer';
import { scanBody } from '@/lib/domains/events/collect/body-scan';
import { type CallKind, parseBody, type SentBody } from '@/lib/domains/events/collect/check-body';
import { sizes } from '@/lib/domains/events/rules';
import { bodyProblem, mayBeSlow } from '@/lib/edge/http/body-shape';
import { inflated } from '@/lib/edge/http/inflate';
import type { EdgeRequest } from '@/lib/edge/http/message';
import { invalidInput } from '@/lib/kernel/input';
import { AppError } from '@/lib/platform/errors';

const acceptedType =
  /^(?:text\/plain|application\/(?:[a-z0-9.-]+\+)?json)\s*(?:;\s*charset="?(?:utf-?8|us-ascii)"?\s*)?;?\s*$/i;

const tooLarge = () => new AppError('body_too_large', `The body is over ${sizes.batchBytes} bytes.`);
const broken = (message: string, cause?: unknown) => new AppError('invalid_json', message, { cause });

async function plainBytes(request: EdgeRequest): Promise<Buffer> {
  const { headers } = request;
  const type = headers.get('content-type');
  if (type !== null && type !== 'application/json' && type !== '' && !acceptedType.test(type))
    throw new AppError('unsupported_media_type', 'Send the body as application/json or text/plain in UTF-8.');
  const encoding = headers.get('content-encoding')?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip' && encoding !== 'x-gzip')
    throw new AppError('unsupported_media_type', 'Send the body plain, or with content-encoding gzip.');
  if (Number(headers.get('content-length') ?? 0) > sizes.batchBytes) throw tooLarge();
  const sent = await request.readBody();
  if (sent.length > sizes.batchBytes) throw tooLarge();
  return encoding === 'identity' ? sent : inflated(sent, 'gzip', sizes.batchBytes);
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** The body as a JSON object. Throws AppError unsupported_media_type, body_too_large, invalid_json or invalid_input. */
export async function readCalls(request: EdgeRequest, kind: CallKind): Promise<SentBody> {
  const plain = await plainBytes(request);
  const bytes = plain[0] === 0xef && plain.subarray(0, 3).equals(byteOrderMark) ? plain.subarray(3) : plain;
  if (bytes.length === 0) throw broken('This call needs a JSON body.');
  if (!isUtf8(bytes)) throw broken('The body is not valid JSON in UTF-8.');
  const scan = scanBody(bytes);
  const tooWide = mayBeSlow(scan.names, scan.containers) ? bodyProblem(bytes) : null;
  if (tooWide) throw invalidInput([{ path: '', message: tooWide }]);
  return parseBody(kind, bytes.toString('utf8'), bytes, scan);
}
