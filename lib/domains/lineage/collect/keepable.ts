/** Makes what an event holds keepable: a NUL or half a character in a facet is no reason to lose the event. Pure. */
import { isStorable } from '@/lib/kernel/input';
import { maxJsonDepth } from '@/lib/kernel/storable';

const replaced = (text: string): string => (isStorable(text) ? text : text.replaceAll('\0', '\ufffd').toWellFormed());

type Holder = Record<string, unknown>;

/** Replaces a name of the holder by one that can be kept; what already has that name gives way. */
function renamed(holder: Holder, name: string): string {
  const kept = replaced(name);
  if (kept === name) return name;
  const { [name]: value } = holder;
  delete holder[name];
  holder[kept] = value;
  return kept;
}

/** Of an item of a list, or of an object under its name. */
function keepItem(holder: Holder | unknown[], at: string | number, levels: number): boolean {
  const items = holder as Record<string | number, unknown>;
  const item = items[at];
  if (typeof item !== 'string') return makeKeepable(item, levels);
  if (!isStorable(item)) items[at] = replaced(item);
  return true;
}

/**
 * Puts U+FFFD in the place of what no store can keep, in the parsed JSON itself. False where the value is nested deeper than
 * the levels, which also bounds the recursion; then it is kept by nobody.
 */
export function makeKeepable(value: unknown, levels = maxJsonDepth): boolean {
  if (typeof value !== 'object' || value === null || JSON.isRawJSON(value)) return true;
  if (levels === 0) return false;
  if (!Array.isArray(value)) {
    const holder = value as Holder;
    return Object.keys(holder).every(name => keepItem(holder, renamed(holder, name), levels - 1));
  }
  for (let at = 0; at < value.length; at++) if (!keepItem(value, at, levels - 1)) return false;
  return true;
}
