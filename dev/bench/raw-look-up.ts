/** What Postgres can do at most for a key check: the same row by the same index, one prepared SELECT a check. */
import { hashOfKey } from '@/lib/domains/keys/key-format';
import { pool } from '@/lib/platform/db';

const statement = `SELECT k.api_key_id, k.scopes, k.is_active, k.expires_at, c.status FROM api_keys k
  JOIN customers c ON c.customer_id = k.customer_id WHERE k.api_key_hash = $1`;

/** Look-ups a second by `callers` loops over the process's pool. */
export async function rawLookUps(keys: string[], callers: number, seconds: number): Promise<number> {
  const hashes = keys.map(hashOfKey);
  const until = performance.now() + seconds * 1000;
  let done = 0;
  const caller = async () => {
    while (performance.now() < until) {
      await pool().query({ name: 'raw-look-up', text: statement, values: [hashes[done % hashes.length]] });
      done++;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return done / seconds;
}
