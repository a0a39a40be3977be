/** Rows on their way to Parquet: gathered column by column, then written as a group of rows of a Parquet file. */
import type { PricedRow, TraceRow } from '@/lib/domains/traces/normalize/trace-row';
import type { FileColumn } from '@/lib/domains/traces/parquet/columns';
import { ByteWriter, newMemory } from '@/lib/domains/traces/parquet/row-groups/byte-writer';
import { type ChunkSizes, Column } from '@/lib/domains/traces/parquet/row-groups/column';
import { columnKinds } from '@/lib/domains/traces/parquet/row-groups/column-kinds';
import type { BookPrice } from '@/lib/domains/traces/prices/priced';

/** Bytes of memory that most groups need. */
const usualBytes = 524_288;

/** Memory for a group of rows; shared, so that a thread hands it on without a copy. */
export const newGroupMemory = (): SharedArrayBuffer => newMemory(usualBytes);

/** What the end of a file says of a group. */
export type GroupFacts = { rows: number; chunks: ChunkSizes[] };
export type WrittenGroup = GroupFacts & { bytes: Uint8Array };

/** Values are bytes at once: a row's objects are gone before the next, which spares the collector most of its work. */
export class RowGroup {
  readonly #columns: Record<keyof PricedRow, Column>;
  #rows = 0;

  /** `columns` are those of the file; handed in, as a thread that only parses need not load the schemas. */
  constructor(columns: readonly FileColumn[]) {
    const byName = columns.map(({ name, type }) => [name, new Column(columnKinds[type])] as const);
    this.#columns = Object.fromEntries(byName) as Record<keyof PricedRow, Column>;
  }

  get rows(): number {
    return this.#rows;
  }

  /** `price` is the row itself where it has one. Written out, since a loop over names takes three times as long; a test holds it to all columns. */
  add(row: TraceRow, price: BookPrice): void {
    const columns = this.#columns;
    this.#rows++;
    columns.session_id.add(row.session_id);
    columns.developer_id.add(row.developer_id);
    columns.timestamp.add(row.timestamp);
    columns.model.add(row.model);
    columns.tokens_in.add(row.tokens_in);
    columns.tokens_out.add(row.tokens_out);
    columns.latency_ms.add(row.latency_ms);
    columns.status_code.add(row.status_code);
    columns.accepted_flag.add(row.accepted_flag);
    columns.repo_slug.add(row.repo_slug);
    columns.event_date.add(row.event_date);
    columns.total_tokens.add(row.total_tokens);
    columns.cost_usd.add(row.cost_usd);
    columns.diff_ratio.add(row.diff_ratio);
    columns.accepted_lines.add(row.accepted_lines);
    columns.trace_hash.add(row.trace_hash);
    columns.source.add(row.source);
    columns.provider.add(row.provider);
    columns.operation.add(row.operation);
    columns.trace_id.add(row.trace_id);
    columns.span_id.add(row.span_id);
    columns.branch.add(row.branch);
    columns.team.add(row.team);
    columns.tags.add(row.tags);
    columns.cache_read_tokens.add(row.cache_read_tokens);
    columns.cache_write_tokens.add(row.cache_write_tokens);
    columns.cache_write_1h_tokens.add(row.cache_write_1h_tokens);
    columns.reasoning_tokens.add(row.reasoning_tokens);
    columns.reported_cost_usd.add(row.reported_cost_usd);
    columns.book_cost_usd.add(price.book_cost_usd);
    columns.price_id.add(price.price_id);
    columns.from_cache.add(row.from_cache);
    columns.is_stream.add(row.is_stream);
    columns.first_token_ms.add(row.first_token_ms);
    columns.error_code.add(row.error_code);
    columns.error_message.add(row.error_message);
    columns.timestamp_assumed.add(row.timestamp_assumed);
    columns.received_at.add(row.received_at);
  }

  /** Writes the rows over what `memory` holds, or into more where it does not do, and begins again without any. */
  write(memory: SharedArrayBuffer): WrittenGroup {
    const out = new ByteWriter(memory);
    const chunks = Object.values(this.#columns).map(column => column.write(out));
    const rows = this.#rows;
    this.#rows = 0;
    return { bytes: out.written(), rows, chunks };
  }
}
