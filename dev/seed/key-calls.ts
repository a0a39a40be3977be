/** Calls of a seeded key: some each day since it was made, fewer at weekends, a few refused, and who made the latest. */
import type { Random } from '@/dev/seed/random';
import { type Calls, newCalls, noteInto, writeCalls } from '@/lib/domains/keys/calls';
import { callDaysKept } from '@/lib/domains/keys/rules';
import type { StoredCall } from '@/lib/domains/keys/tables';
import { db } from '@/lib/platform/db';

const dayMs = 86_400_000;
const callsADay = 40;

type Made = Omit<StoredCall, 'at'>;
const from = { ip_prefix: '203.0.113.0/24', user_agent: 'tenantry-worker/1.4 python-urllib/3.12' };
const ok = (method: string, route: string, status: number): Made => ({ ...from, method, route, status, code: null });

const usual: readonly Made[] = [
  ok('POST', '/v1/runs', 201),
  ok('POST', '/v1/runs/{pipeline_logging_id}/heartbeat', 200),
  ok('POST', '/v1/runs/{pipeline_logging_id}/complete', 200),
  ok('GET', '/v1/quota', 200),
];
const refused: Made = { ...from, method: 'POST', route: '/v1/runs', status: 429, code: 'concurrency_exceeded' };

type About = { apiKeyId: string; createdAt: Date; lastUsedAt: Date; random: Random };

/** Writes the calls of one key, the last of them at its last use. */
export async function seedKeyCalls({ apiKeyId, createdAt, lastUsedAt, random }: About): Promise<void> {
  const calls: Calls = newCalls();
  const first = Math.max(createdAt.getTime(), lastUsedAt.getTime() - (callDaysKept - 1) * dayMs);
  for (let day = first; day <= lastUsedAt.getTime(); day += dayMs) {
    const weekday = new Date(day).getUTCDay();
    const count = Math.round(callsADay * (weekday === 0 || weekday === 6 ? 0.4 : 1) * (0.7 + 0.6 * random.next()));
    const end = Math.min(day + dayMs, lastUsedAt.getTime());
    for (let index = 1; index <= count; index += 1) {
      const made = random.chance(0.02) ? refused : (usual[index % usual.length] ?? refused);
      noteInto(calls, { ...made, at: new Date(day + ((end - day) * index) / count) }, true);
    }
  }
  await db().transaction(tx => writeCalls(tx, [{ id: apiKeyId, calls }]));
}
