/** Follows a chain row by row. */
import { type ChainRow, chainHash, noHash } from '@/lib/domains/agent-log/chain/hashes';
import type { CheckpointStatement } from '@/lib/domains/agent-log/checkpoints/checkpoint';
import type { AgentLogErasure } from '@/lib/domains/agent-log/tables';
import type { Faults } from '@/lib/domains/agent-log/verify/faults';
import { isErasureOf } from '@/lib/domains/agent-log/verify/known-users';

export type WalkFrom = {
  faults: Faults;
  checkpoints: readonly CheckpointStatement[];
  erasures: readonly AgentLogErasure[];
  /** The last row that is gone for its age; null where none is. */
  gone: CheckpointStatement | null;
};

export class ChainWalk {
  /** Number of the next row. */
  next = 1;
  /** chain_hash of the row before it; null where that row is not there. */
  previousHash: string | null = noHash;
  rows = 0;
  #recordedAt = '';
  readonly #checkpoints: ReadonlyMap<number, CheckpointStatement>;

  constructor(private readonly from: WalkFrom) {
    this.#checkpoints = new Map(from.checkpoints.map(checkpoint => [checkpoint.sequence, checkpoint]));
  }

  /** Begins at the first row that is there: those before it must be gone for their age. */
  begin(first: number): void {
    const { gone } = this.from;
    const due = (gone?.sequence ?? 0) + 1;
    if (first > due) this.#missing(due, first - 1);
    if (first > 1) this.previousHash = first === due ? (gone?.chain_hash ?? null) : null;
    this.next = first;
  }

  #missing(first: number, last: number): void {
    this.from.faults.add('chain_row_missing', last > first ? { sequence: first, to: last } : { sequence: first });
    this.previousHash = null;
  }

  /** The next row that is there; they come by their numbers. */
  take(row: ChainRow): void {
    const { faults } = this.from;
    const { sequence, event_id: eventId } = row;
    const at = { sequence, eventId };
    this.rows++;
    if (sequence < this.next) {
      faults.add('chain_row_twice', at);
      return;
    }
    if (sequence > this.next) this.#missing(this.next, sequence - 1);
    if (chainHash(row) !== row.chain_hash) faults.add('chain_row_changed', at);
    if (this.previousHash !== null && row.previous_hash !== this.previousHash) faults.add('chain_broken', at);
    if (row.recorded_at < this.#recordedAt) faults.add('time_went_back', at);
    const checkpoint = this.#checkpoints.get(sequence);
    if (checkpoint && checkpoint.chain_hash !== row.chain_hash)
      faults.add('checkpoint_differs', { ...at, detail: checkpoint.day });
    if (row.kind === 'erasure' && !this.from.erasures.some(erasure => isErasureOf(erasure, row)))
      faults.add('erasure_unknown', at);
    this.previousHash = row.chain_hash;
    this.#recordedAt = row.recorded_at;
    this.next = sequence + 1;
  }

  /** All rows up to this one must have come. */
  end(last: number): void {
    if (this.next <= last) this.#missing(this.next, last);
  }
}
