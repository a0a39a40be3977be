/** Finds the records in the text of a body: a JSON array, one object, or an object a line. What is said of its type is not asked. */
import { parseJson } from '@/lib/domains/traces/normalize/parse-json';
import type { TraceProblem } from '@/lib/domains/traces/rules';

export type SentRecord = { value: unknown } | { problem: TraceProblem; text: string };

const notJson: TraceProblem = { code: 'not_json', field: '' };

function parsed(text: string): { value: unknown } | null {
  const value = parseJson(text);
  return value === undefined ? null : { value };
}

const isBlank = (line: string): boolean => line.trim() === '';

function recordsOfLines(text: string): SentRecord[] | null {
  const lines = text.split('\n').filter(line => !isBlank(line));
  if (lines.length < 2) return null;
  let isAny = false;
  const records = lines.map((line): SentRecord => {
    const record = parsed(line);
    if (record) isAny = true;
    return record ?? { problem: notJson, text: line };
  });
  return isAny ? records : null;
}

/**
 * The records of a body in order; null where nothing in it is JSON. A line that is none is a record that is refused alone, an
 * array that breaks off is none.
 */
export function parseRecords(text: string): SentRecord[] | null {
  const whole = parsed(text);
  if (!whole) return recordsOfLines(text);
  return Array.isArray(whole.value) ? whole.value.map(value => ({ value })) : [whole];
}
