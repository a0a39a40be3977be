/** What a report is made of: one item or a batch, each read on its own, so that a wrong one never loses the others. */
import { z } from 'zod';
import { invalidInput, parseInput } from '@/lib/kernel/input';
import { AppError, type FieldError } from '@/lib/platform/errors';

/** Items of one report. */
const maxItems = 500;
/** Fields that the answer of one item of a batch names. */
const maxFields = 3;

/** What became of an item, in the words of the answer. `id` is the item's as it was sent, null where it had none. */
export type ItemAnswer = {
  index: number;
  id: string | null;
  status: 200 | 400 | 409;
  code?: string;
  message?: string;
  errors?: FieldError[];
};

/** The answer to a report: how many items are stored, how many are not, and each. */
export type ReportAnswer = { stored: number; failed: number; items: ItemAnswer[] };

/** An item on its way: what was read of it, or why it is not stored. */
export type Item<Value> = { index: number; id: string | null } & (
  | { value: Value; problem: null }
  | { value: null; problem: AppError }
);

/** `single`: the body is the one item, and its problem is the call's. */
export type Read<Value> = { single: boolean; items: Item<Value>[] };

/** How a report is read: the name of a batch's list, the schema of an item, and the field of its id. */
export type ItemKind<Schema extends z.ZodType> = { list: string; idField: string; schema: Schema };

/** What a report may be before its form is known. */
export const reportInput = z.looseObject({});

const idIn = (raw: unknown, field: string): string | null => {
  const id = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>)[field] : null;
  return typeof id === 'string' && id.length <= 100 ? id : null;
};

function readItem<Schema extends z.ZodType>(
  kind: ItemKind<Schema>,
  raw: unknown,
  index: number,
): Item<z.output<Schema>> {
  const known = { index, id: idIn(raw, kind.idField) };
  try {
    return { ...known, value: parseInput(kind.schema, raw), problem: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...known, value: null, problem: error };
  }
}

/** Reads a report's items. Throws AppError invalid_input for a batch that is none: no list, empty, or of too many. */
export function readItems<Schema extends z.ZodType>(
  kind: ItemKind<Schema>,
  raw: Record<string, unknown>,
): Read<z.output<Schema>> {
  if (!Object.hasOwn(raw, kind.list)) return { single: true, items: [readItem(kind, raw, 0)] };
  const envelope = z.strictObject({ [kind.list]: z.array(z.unknown()).min(1).max(maxItems) });
  const list = parseInput(envelope, raw)[kind.list] ?? [];
  const seen = new Set<string>();
  const items = list.map((each, index) => {
    const item = readItem(kind, each, index);
    const id = item.id?.toLowerCase() ?? null;
    if (item.value === null || id === null || !seen.has(id)) {
      if (id !== null) seen.add(id);
      return item;
    }
    const problem = new AppError('conflict', `This ${kind.idField} is in the batch twice; the first one is taken.`);
    return { index, id: item.id, value: null, problem };
  });
  return { single: false, items };
}

/** The item with a problem in the place of its value. */
export const refuse = <Value>({ index, id }: Item<Value>, problem: AppError): Item<Value> => ({
  index,
  id,
  value: null,
  problem,
});

/** An item whose fields are wrong. */
export const wrong = <Value>(item: Item<Value>, path: string, message: string): Item<Value> =>
  refuse(item, invalidInput([{ path, message }]));

function answerOf<Value>({ index, id, problem }: Item<Value>): ItemAnswer {
  if (problem === null) return { index, id, status: 200 };
  const { code, message, fields } = problem;
  const status = problem.status === 400 ? 400 : 409;
  return { index, id, status, code, message, ...(fields ? { errors: fields.slice(0, maxFields) } : {}) };
}

/** Answers a report. Throws the problem of a single item. */
export function answerItems<Value>({ single, items }: Read<Value>): ReportAnswer {
  const [first] = items;
  if (single && first?.problem) throw first.problem;
  const failed = items.filter(({ problem }) => problem !== null).length;
  return { stored: items.length - failed, failed, items: items.map(answerOf) };
}
