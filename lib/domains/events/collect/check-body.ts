/** Reads the body of a collection call: what of it is taken, what is refused and why. Pure but for the ids it gives. */
import type { BodyScan } from '@/lib/domains/events/collect/body-scan';
import {
  callProblemsOf,
  envelopeProblems,
  type Fields,
  isFields,
  messageIdOf,
  rareProblems,
  sizeProblem,
} from '@/lib/domains/events/collect/check-call';
import type { EntryMeta } from '@/lib/domains/events/collect/entry-meta';
import { type ItemProblem, sizes } from '@/lib/domains/events/rules';
import { maxJsonDepth } from '@/lib/kernel/storable';
import { AppError } from '@/lib/platform/errors';
import { newUuid } from '@/lib/platform/ids';

export type CallKind = EntryMeta['kind'];

/** A body that is a JSON object, before its calls are looked at. */
export type SentBody = { kind: CallKind; text: string; bytes: Buffer; scan: BodyScan; value: Fields };

export type Refused = { index: number; messageId: string; problems: ItemProblem[] };
export type CheckedBody = {
  items: number;
  accepted: number;
  refused: Refused[];
  /** Ids given to items that came without one that can be kept, by their index. */
  messageIds: Record<number, string>;
  hasGivenIds: boolean;
  /** One of the refused is nested deeper than we take, so that what walks it must not recurse. */
  isDeep: boolean;
};

const invalidJson = (cause?: unknown) => new AppError('invalid_json', 'The body is not a JSON object.', { cause });

/** No body that is less deep has a call that is too deep. */
const maxDepth = maxJsonDepth;

/** The body as an object. Throws AppError invalid_json. */
export function parseBody(kind: CallKind, text: string, bytes: Buffer, scan: BodyScan): SentBody {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalidJson(error);
  }
  if (!isFields(value)) throw invalidJson();
  return { kind, text, bytes, scan, value };
}

const fieldOf = ({ code, field, message }: ItemProblem) => ({ path: field, code, message });

/** Throws AppError invalid_input for what is wrong with the batch itself and not with one of its items. */
function itemsOf(value: Fields, isRare: boolean): unknown[] {
  const { batch, ...rest } = value;
  if (!Array.isArray(batch) || batch.length === 0) {
    const message = 'batch is a list of at least one call.';
    throw new AppError('invalid_input', message, { fields: [{ path: 'batch', code: 'wrong_type', message }] });
  }
  if (batch.length > sizes.batchItems)
    throw new AppError('body_too_large', `A batch has at most ${sizes.batchItems} items.`);
  const problems = [...envelopeProblems(rest), ...(isRare ? rareProblems(rest) : [])];
  const [first] = problems;
  if (first) throw new AppError('invalid_input', `${first.field}: ${first.message}`, { fields: problems.map(fieldOf) });
  return batch;
}

const joined = (problems: ItemProblem[] | undefined, more: ItemProblem[]): ItemProblem[] | undefined =>
  more.length === 0 ? problems : [...(problems ?? []), ...more];

/**
 * Checks every call in the body. Throws AppError invalid_input or body_too_large for a batch that is wrong as a whole; a
 * single call that is wrong is answered as refused, as an item of a batch is.
 */
export function checkBody({ kind, bytes, scan, value }: SentBody): CheckedBody {
  const isRare = scan.hasEscapes || scan.hasGreatNumbers || scan.depth > maxDepth;
  const items = kind === 'batch' ? itemsOf(value, isRare) : [value];
  const bytesOf = (index: number): number => {
    if (kind !== 'batch') return bytes.length;
    // A name written with escapes hides the batch from the scan.
    if (scan.itemBytes.length !== items.length) return Buffer.byteLength(JSON.stringify(items[index]));
    return scan.itemBytes[index] as number;
  };
  const mayBeLarge = bytes.length > sizes.eventBytes;
  const checked: CheckedBody = {
    items: items.length,
    accepted: 0,
    refused: [],
    messageIds: {},
    hasGivenIds: false,
    isDeep: scan.depth > maxDepth,
  };
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    let problems = callProblemsOf(item, kind);
    if (isRare) problems = joined(problems, rareProblems(item));
    if (mayBeLarge && bytesOf(index) > sizes.eventBytes) problems = joined(problems, [sizeProblem()]);
    let messageId = messageIdOf(item);
    if (messageId === null) {
      messageId = newUuid();
      checked.messageIds[index] = messageId;
      checked.hasGivenIds = true;
    }
    if (problems === undefined) checked.accepted += 1;
    else checked.refused.push({ index, messageId, problems });
  }
  return checked;
}
