/** Finds the events or snapshots in the text of a body: an array, an object that holds one, a single item, or an item a line. */
import { parseRecords, type SentRecord } from '@/lib/domains/traces/collect/parse-records';
import { invalidInput } from '@/lib/kernel/input';

/** The name under which an object may hold the items, as some senders wrap them. */
export type ItemKind = 'events' | 'snapshots';

/** The items within a wrapping object; null where it wraps none, and so is an item itself. */
function unwrapped(value: unknown, kind: ItemKind): SentRecord[] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, kind)) return null;
  const { [kind]: items, ...others } = value as Record<string, unknown>;
  if (!Array.isArray(items)) throw invalidInput([{ path: kind, message: 'This must be a list.' }]);
  const unknown = Object.keys(others).map(name => ({ path: name, message: 'This field is not known.' }));
  if (unknown.length > 0) throw invalidInput(unknown);
  return items.map(item => ({ value: item }));
}

/**
 * The items of a body in order; null where nothing in it is JSON. A line that is none is an item that is refused alone. Throws
 * AppError invalid_input where an object is to hold the items and does not hold them alone.
 */
export function sentItems(text: string, kind: ItemKind): SentRecord[] | null {
  const records = parseRecords(text);
  const [only] = records ?? [];
  if (records?.length !== 1 || !only || !('value' in only)) return records;
  // A list of one has come apart already, and what is in it is an item.
  return (text.trimStart().startsWith('{') ? unwrapped(only.value, kind) : null) ?? records;
}
