/**
 * The log of what machines send: durable once appended, read in order by position, dropped when every consumer is done.
 * The interface is one that Kafka's partitions (shards) and offsets (positions) satisfy. Source: docs/architecture.md, Ingest.
 */

/** Logs of the product. */
export const logNames = ['events', 'traces', 'agent-log'] as const;
export type LogName = (typeof logNames)[number];

export type NewEntry = {
  /** Whose it is, as the consumer knows it: the id of an event source, or of a customer. */
  key: string;
  /** JSON of the door: when and from where it came, which items were refused. */
  meta: string;
  /** The body as it was sent. */
  body: string;
};

/** A place in a shard; positions of a shard grow, with gaps. */
export type Position = { shard: number; position: number };
export type Entry = NewEntry & Position & { appendedAt: Date };

export type ReadLimits = { entries: number; bytes: number };

export type IngestLog = {
  readonly name: LogName;
  /** Resolves once the entry is durable. Throws AppError database_unavailable while it cannot be made so; then it may or may not be there. */
  append: (entry: NewEntry) => Promise<Position>;
  /** Shards that were ever written to. */
  shards: () => Promise<number[]>;
  /**
   * The entries after `after` in order, at least one where there is one, else as many as fit the limits. An entry is never
   * seen before all that come before it in its shard.
   */
  read: (shard: number, after: number, limits: ReadLimits) => Promise<Entry[]>;
  /** One entry by its place; null once it was dropped. */
  find: (place: Position) => Promise<Entry | null>;
  /** Drops what every one of these consumers has settled and what is older than `keepMs`; answers how many partitions went. */
  drop: (consumers: readonly string[], keepMs: number) => Promise<number>;
  /** Lets what waits be written and gives up the shard; appends are refused from the call on. */
  close: () => Promise<void>;
};
