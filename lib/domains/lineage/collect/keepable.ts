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

/**
 * Puts U+FFFD in the place of what no store can keep, in the parsed JSON itself. False where the value is nested deeper than
 * the levels, which also bounds the recursion; then it is kept by nobody.
 */
export function makeKeepable(value: unknown, levels = maxJsonDepth): boolean {
  if (typeof value !== 'object' || value === null || JSON.isRawJSON(value)) return true;
  if (levels === 0) return false;
  const holder = value as Holder;
  for (const sent of Object.keys(holder)) {
    const name = renamed(holder, sent);
    const item = holder[name];
    if (typeof item === 'string') {
      if (!isStorable(item)) holder[name] = replaced(item);
    } else if (!makeKeepable(item, levels - 1)) return false;
  }
  return true;
}
