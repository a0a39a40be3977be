/** A worker thread that parses blocks of lines: takes bytes, gives back rows as DuckDB reads them. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type ParsedBlock, parseBlock } from '@/lib/domains/traces/files/parse-block';
import type { FileColumn } from '@/lib/domains/traces/parquet/columns';
import { type GroupFacts, RowGroup } from '@/lib/domains/traces/parquet/row-groups/row-group';
import { type BookEntry, newBook } from '@/lib/domains/traces/prices/price-book';

/** What a worker needs before its first block. */
export type WorkerFacts = {
  receivedAt: Date;
  repoSlug: string | null;
  book: BookEntry[];
  columns: readonly FileColumn[];
};
/** A block in `input`; its rows go to `output`, or to memory of their own where they are more. */
export type WorkerTask = { input: SharedArrayBuffer; length: number; output: SharedArrayBuffer };
/** One message each way a block; `output` is where the rows are. */
export type WorkerAnswer =
  | (Omit<ParsedBlock, 'group'> & { group: GroupFacts; output: SharedArrayBuffer; length: number })
  | { error: string };

function serve(port: MessagePort, { receivedAt, repoSlug, book, columns }: WorkerFacts): void {
  const parse = { facts: { receivedAt, repoSlug }, book: newBook(book), group: new RowGroup(columns) };
  const answerTo = ({ input, length, output }: WorkerTask): WorkerAnswer => {
    const { group, ...parsed } = parseBlock(Buffer.from(input, 0, length), { ...parse, memory: output });
    const { bytes, ...facts } = group;
    return { ...parsed, group: facts, output: bytes.buffer as SharedArrayBuffer, length: bytes.byteLength };
  };
  port.on('message', (task: WorkerTask) => {
    try {
      port.postMessage(answerTo(task));
    } catch (error) {
      port.postMessage({ error: String(error) } satisfies WorkerAnswer);
    }
  });
}

// Elsewhere than in a thread of the pool, as where all modules are loaded to be looked at, there is nobody to serve.
if (parentPort && workerData?.book) serve(parentPort, workerData as WorkerFacts);
