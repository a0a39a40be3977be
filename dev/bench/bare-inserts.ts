/** The floor under storing a webhook: one committed row of the same text, by bare statements, on the same disk in the same run. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { percentile } from '@/dev/bench/load';

/** Inserts each text in a transaction of its own, evenly over `overMs`; answers the latencies in ms. */
export async function bareInserts(
  databaseUrl: string,
  texts: string[],
  overMs: number,
): Promise<{ p50: number; p99: number }> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  await pool.query('CREATE TABLE drill_floor (id serial PRIMARY KEY, body jsonb NOT NULL)');
  try {
    const startedAt = performance.now();
    const done: Promise<number>[] = [];
    const insert = async (text: string) => {
      const began = performance.now();
      await pool.query('INSERT INTO drill_floor (body) VALUES ($1)', [text]);
      return performance.now() - began;
    };
    while (done.length < texts.length) {
      const due = Math.floor(((performance.now() - startedAt) * texts.length) / overMs);
      for (const text of texts.slice(done.length, due)) done.push(insert(text));
      await sleep(1);
    }
    const times = await Promise.all(done);
    return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
  } finally {
    await pool.query('DROP TABLE drill_floor');
    await pool.end();
  }
}
