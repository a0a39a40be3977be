/** A worker thread that parses blocks of lines: takes bytes, gives back rows as DuckDB reads them. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type ParsedBlock, parseBlock } from '@/lib/domains/traces/files/parse-block';
import { type BookEntry, newBook } from '@/lib/domains/traces/prices/price-book';

/** What a worker needs before its first block. */
export type WorkerFacts = { receivedAt: Date; repoSlug: string | null; book: BookEntry[] };
/** One message each way a block. */
export type WorkerAnswer = { parsed: ParsedBlock } | { error: string };

function serve(port: MessagePort, { receivedAt, repoSlug, book }: WorkerFacts): void {
  const parse = { facts: { receivedAt, repoSlug }, book: newBook(book) };
  const answer = (bytes: Uint8Array) => {
    const parsed = parseBlock(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), parse);
    // Each partition's lines have memory of their own, which is moved and not copied.
    const moved = parsed.groups.map(({ lines }) => lines.buffer as ArrayBuffer);
    port.postMessage({ parsed } satisfies WorkerAnswer, moved);
  };
  port.on('message', (bytes: Uint8Array) => {
    try {
      answer(bytes);
    } catch (error) {
      port.postMessage({ error: String(error) } satisfies WorkerAnswer);
    }
  });
}

// Elsewhere than in a thread of the pool, as where all modules are loaded to be looked at, there is nobody to serve.
if (parentPort && workerData?.book) serve(parentPort, workerData as WorkerFacts);
