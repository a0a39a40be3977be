/** The outbox as a simulation keeps it: what waits for each table, by commit. */
import { type Found, type TableName, tableKey } from '@/lib/warehouse/mirror/schedule/flush-schedule';

export type Waiting = { at: number; rows: number; key: string; first: boolean };

export class ModelledOutbox {
  readonly #waiting = new Map<string, { table: TableName; changes: Waiting[] }>();
  #new: Found[] = [];
  rows = 0;
  mostRows = 0;

  add(table: TableName, change: Waiting): void {
    const known = this.#waiting.get(tableKey(table));
    if (known) known.changes.push(change);
    else this.#waiting.set(tableKey(table), { table, changes: [change] });
    this.rows += change.rows;
    this.mostRows = Math.max(this.mostRows, this.rows);
    this.#new.push({ ...table, oldestAt: change.at, rows: change.rows, first: false });
  }

  /** What the relay's look answers. */
  look(what: 'new' | 'all'): Found[] {
    const found = this.#new;
    this.#new = [];
    if (what === 'new') return found;
    return [...this.#waiting.values()].map(({ table, changes }) => ({
      ...table,
      oldestAt: changes[0]?.at ?? 0,
      rows: 1,
      first: false,
    }));
  }

  /** The oldest changes of a table, of at most so many rows; they stay until they are removed. */
  take(table: TableName, limit: number): Waiting[] {
    const { changes = [] } = this.#waiting.get(tableKey(table)) ?? {};
    let rows = 0;
    const beyond = changes.findIndex(change => {
      rows += change.rows;
      return rows > limit;
    });
    return beyond === -1 ? [...changes] : changes.slice(0, Math.max(1, beyond));
  }

  /** Removes the oldest changes of a table; answers what is left of it. */
  remove(table: TableName, count: number): Waiting | undefined {
    const known = this.#waiting.get(tableKey(table));
    if (!known) return undefined;
    for (const { rows } of known.changes.splice(0, count)) this.rows -= rows;
    if (known.changes.length === 0) this.#waiting.delete(tableKey(table));
    return known.changes[0];
  }
}
