/** Finds which tables have changes waiting: all of them, or those of the last commits by the end of the outbox alone. */

import type { LockSession } from '@/lib/kernel/lock-session';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';
import { tableOf } from '@/lib/warehouse/mirror/flush';
import type { Found } from '@/lib/warehouse/mirror/schedule/flush-schedule';
import { changesSince, newestChange, waitingTables } from '@/lib/warehouse/mirror/store';

/** Ids are given out before the commit, so a smaller one may appear later: ids of so long are looked at again … */
const overlapMs = 5_000;
/** … this often; what takes longer is found by the next look at all. */
const overlapEveryMs = 1_000;

export class OutboxReader {
  readonly #names: string[];
  /** The newest id seen, and the newest that was seen 5 to 10 s ago. */
  #newestId = 0;
  #marks: { at: number; id: number }[] = [];
  #overlappedAt = 0;

  constructor(
    private readonly session: LockSession,
    private readonly mirrors: Map<string, Mirror>,
  ) {
    this.#names = [...mirrors.keys()];
  }

  /** 'new' also finds some again that were found before. */
  async look(what: 'new' | 'all'): Promise<Found[]> {
    if (what === 'all') {
      this.#saw(await newestChange(this.session));
      const tables = await waitingTables(this.session, this.#names);
      return tables.map(table => this.#found(table, 1));
    }
    const changes = await changesSince(this.session, this.#names, {
      aboveId: this.#overlaps() ? this.#overlapId() : this.#newestId,
      countedUpToId: this.#newestId,
    });
    this.#saw(Math.max(0, ...changes.map(({ newestId }) => newestId)));
    return changes.map(change => this.#found(change, change.rows));
  }

  #overlaps(): boolean {
    if (Date.now() < this.#overlappedAt + overlapEveryMs) return false;
    this.#overlappedAt = Date.now();
    return true;
  }

  #overlapId(): number {
    return this.#marks[0]?.id ?? 0;
  }

  #saw(id: number): void {
    this.#newestId = Math.max(this.#newestId, id);
    const now = Date.now();
    const last = this.#marks.at(-1);
    if (!last || now - last.at >= overlapMs) this.#marks.push({ at: now, id: this.#newestId });
    // The first mark is always older than the overlap, unless it is the only one.
    while (this.#marks[1] && now - this.#marks[1].at >= overlapMs) this.#marks.shift();
  }

  #found(
    { mirror, customerId, oldestAt }: { mirror: string; customerId: string | null; oldestAt: Date },
    rows: number,
  ) {
    const table = tableOf(this.mirrors.get(mirror) as Mirror, customerId);
    return { ...table, oldestAt: oldestAt.getTime(), rows, first: false };
  }
}
