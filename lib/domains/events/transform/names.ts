/** Names of tables and columns as BigQuery takes them. Source: docs/spec/004-event-collection.md, Column Naming and Best Practices. */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { fixedTables } from '@/lib/domains/events/rules';
import { signsRead, snakeCase } from '@/lib/domains/events/transform/snake-case';
import { isForbidden, maxNameSigns } from '@/lib/warehouse/ingest/evolve/column-names';

const hashSigns = 8;

/** Tables that are ours: an event of that name gets `_` in front. */
const takenTables = new Set([...fixedTables, ...fixedTables.map(table => `${table}_view`), 'information_schema']);

/** `as_is`: the usual rule. `renamed`: `_` in front or spelled. `cut`: shortened, with a hash of the whole. */
export type Name = { name: string; how: 'as_is' | 'renamed' | 'cut' };

/** Two long names that begin alike stay two. */
function cut(name: string, whole: string): string {
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, hashSigns);
  return `${name.slice(0, maxNameSigns - hashSigns - 1)}_${hash}`;
}

const isSpelled = (part: string): boolean => /[^\p{ASCII}\p{Script=Latin}]/u.test(part);

function legal(given: string, whole: string, isTaken: (name: string) => boolean): Name {
  const isAsIs = given !== '' && !/^\d/.test(given) && !isTaken(given);
  const name = isAsIs ? given : `_${given}`;
  if (name.length > maxNameSigns || whole.length > signsRead) return { name: cut(name, whole), how: 'cut' };
  return { name, how: isAsIs && !isSpelled(whole) ? 'as_is' : 'renamed' };
}

/** The column of a property: its own name, behind that of the object it stands in. */
export function columnName(parent: string, property: string): Name {
  const part = snakeCase(property);
  if (parent === '') return legal(part, property, isForbidden);
  const { name, how } = legal(`${parent}_${part || '_'}`, `${parent}_${property}`, isForbidden);
  return { name, how: part === '' ? 'renamed' : how };
}

const tables = new LRUCache<string, Name>({ max: 20_000 });

/** The table of a track call's event, which is also its `event`. */
export function eventTable(event: string): Name {
  const known = tables.get(event);
  if (known) return known;
  const made = legal(snakeCase(event), event, name => takenTables.has(name));
  if (event.length <= maxNameSigns) tables.set(event, made);
  return made;
}
