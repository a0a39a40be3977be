/** Reads the body of the calls that take events of OpenLineage: one event, or a list of them. */
import { lineageSizes } from '@/lib/domains/lineage/rules';
import type { EdgeRequest } from '@/lib/edge/http/message';
import type { Room } from '@/lib/edge/v1/bulk/body-room';
import { type BodyForm, broken, readBytes, requireText, textOf } from '@/lib/edge/v1/bulk/read-bytes';
import { invalidInput } from '@/lib/kernel/input';
import { AppError } from '@/lib/platform/errors';
import { parseJson } from '@/lib/platform/exact-json';

/** How many events a call takes. */
export type Count = 'one' | 'many';

const wanted = 'Send application/json in UTF-8.';
const forms: Record<Count, BodyForm> = {
  one: { bodyBytes: lineageSizes.eventBytes, plainBytes: lineageSizes.eventBytes, wanted },
  many: { bodyBytes: lineageSizes.bodyBytes, plainBytes: lineageSizes.plainBytes, wanted },
};

/** The bytes of the body as its sender had them before compressing. Throws as readBytes of lib/edge/v1/bulk does. */
export const readEventBytes = (request: EdgeRequest, count: Count, room: Room): Promise<Buffer> =>
  readBytes(request, room, forms[count]);

function parsed(bytes: Buffer): unknown {
  requireText(bytes);
  try {
    return parseJson(textOf(bytes));
  } catch (error) {
    throw broken('The body is not valid JSON.', error);
  }
}

/** The events in it, as they were sent. Throws AppError invalid_json, invalid_input, body_too_large. */
export function sentEvents(bytes: Buffer, count: Count): unknown[] {
  const value = parsed(bytes);
  if (count === 'many') {
    if (!Array.isArray(value)) throw invalidInput([{ path: '', message: 'A batch is a JSON array of events.' }]);
    if (value.length > lineageSizes.events)
      throw new AppError('body_too_large', `A batch has at most ${lineageSizes.events} events.`);
    return value;
  }
  if (Array.isArray(value))
    throw invalidInput([{ path: '', message: 'This call takes one event; /api/v1/lineage/batch takes a list.' }]);
  return [value];
}
