/** Text and JSON that Postgres and BigQuery can both keep: no NUL, no half surrogates, bounded depth and size. */
import { z } from 'zod';
import { isStorable } from '@/lib/kernel/input';

const maxDepth = 32;

/** Non-empty text of at most `maxLength` UTF-16 units. */
export const storableText = (maxLength: number) =>
  z.string().min(1).max(maxLength).refine(isStorable, 'It contains a character that cannot be stored.');

/** The first problem in a JSON value, or null. Walks without recursion: a hostile body may be nested very deep. */
export function jsonProblem(root: unknown, maxBytes: number): string | null {
  const open: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string' && !isStorable(value)) return 'It contains a character that cannot be stored.';
    if (typeof value !== 'object' || value === null) continue;
    if (depth === maxDepth) return `It is nested deeper than ${maxDepth} levels.`;
    for (const [name, item] of Object.entries(value)) {
      if (!isStorable(name)) return 'It contains a name that cannot be stored.';
      open.push({ value: item, depth: depth + 1 });
    }
  }
  return Buffer.byteLength(JSON.stringify(root)) > maxBytes ? `It is larger than ${maxBytes} bytes.` : null;
}

const addProblem = (maxBytes: number) => (value: unknown, context: z.RefinementCtx) => {
  const problem = jsonProblem(value, maxBytes);
  if (problem) context.addIssue({ code: 'custom', message: problem });
};

/** A JSON object of at most `maxBytes` bytes of UTF-8. */
export const storableJson = (maxBytes: number) => z.record(z.string(), z.unknown()).superRefine(addProblem(maxBytes));

/** A JSON array of at most `maxBytes` bytes of UTF-8. */
export const storableJsonList = (maxBytes: number) => z.array(z.unknown()).superRefine(addProblem(maxBytes));
