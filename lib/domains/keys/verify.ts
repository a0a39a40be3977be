/** Looks keys up in Postgres by hash, every time, many at once: a revocation holds from the moment it is answered. */
import type { CustomerStatus } from '@/lib/domains/customers/rules';
import { hashOfKey, kindOfKey } from '@/lib/domains/keys/key-format';
import { type RateTier, statusOfKey } from '@/lib/domains/keys/rules';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { pool } from '@/lib/platform/db';
import { metrics } from '@/lib/platform/metrics';
import { processWide } from '@/lib/platform/process-wide';

export type KeyHolder =
  | {
      kind: 'customer';
      keyId: string;
      name: string;
      customerId: string;
      tenantDatasetId: string;
      companyName: string;
      scopes: string[];
      rateLimitTier: RateTier;
      expiresAt: Date | null;
      plan: string;
      customerStatus: CustomerStatus;
    }
  | {
      kind: 'service';
      keyId: string;
      name: string;
      scopes: string[];
      rateLimitTier: RateTier;
      expiresAt: Date | null;
    };

export type KeyCheck =
  | { valid: true; holder: KeyHolder }
  | { valid: false; code: 'NOT_FOUND' }
  | { valid: false; code: 'DISABLED' | 'EXPIRED'; holder: KeyHolder };

type Row = {
  api_key_hash: string;
  api_key_id: string;
  key_name: string;
  scopes: string[];
  rate_limit_tier: RateTier;
  expires_at: Date | null;
  is_active: boolean;
  deactivated_at: Date | null;
  customer_id: string | null;
  tenant_dataset_id: string;
  company_name: string;
  subscription_plan: string;
  status: CustomerStatus;
};

const columns = `k.api_key_hash, k.api_key_id, k.key_name, k.scopes, k.rate_limit_tier, k.expires_at, k.is_active, k.deactivated_at`;
const statement = `SELECT ${columns}, k.customer_id, c.tenant_dataset_id, c.company_name, c.subscription_plan, c.status
  FROM api_keys k JOIN customers c ON c.customer_id = k.customer_id WHERE k.api_key_hash = ANY($1)
  UNION ALL
  SELECT ${columns}, NULL, NULL, NULL, NULL, NULL FROM service_keys k WHERE k.api_key_hash = ANY($1)`;

type Waiter = { resolve: (row: Row | undefined) => void; reject: (error: unknown) => void };
type Queue = { waiting: Map<string, Waiter[]>; inFlight: number };

const maxInFlight = 2;
const maxBatch = 500;
const queue = () => processWide('key-look-ups', (): Queue => ({ waiting: new Map(), inFlight: 0 }));

/** Takes what waits now; look-ups that arrive later must wait for a query that starts after them. */
function takeBatch(): Map<string, Waiter[]> {
  const { waiting } = queue();
  const batch = new Map([...waiting].slice(0, maxBatch));
  for (const hash of batch.keys()) waiting.delete(hash);
  return batch;
}

async function runBatches(): Promise<void> {
  const state = queue();
  while (state.waiting.size > 0) {
    const batch = takeBatch();
    try {
      const { rows } = await pool().query<Row>({
        name: 'look-up-keys',
        text: statement,
        values: [[...batch.keys()]],
      });
      const byHash = new Map(rows.map(row => [row.api_key_hash, row]));
      for (const [hash, waiters] of batch) for (const waiter of waiters) waiter.resolve(byHash.get(hash));
    } catch (error) {
      for (const waiters of batch.values()) for (const waiter of waiters) waiter.reject(error);
    }
  }
  // In the same step as the look at the empty queue: a look-up arriving later starts a loop of its own.
  state.inFlight--;
}

function start(): void {
  const state = queue();
  if (state.inFlight >= maxInFlight) return;
  state.inFlight++;
  // A turn of the event loop first, so that requests read from the sockets together go out together.
  setImmediate(() => void runBatches());
}

function findRow(hash: string): Promise<Row | undefined> {
  return new Promise((resolve, reject) => {
    const { waiting } = queue();
    const waiters = waiting.get(hash);
    if (waiters) waiters.push({ resolve, reject });
    else waiting.set(hash, [{ resolve, reject }]);
    start();
  });
}

function holderOf(row: Row): KeyHolder {
  const common = {
    keyId: row.api_key_id,
    name: row.key_name,
    scopes: row.scopes,
    rateLimitTier: row.rate_limit_tier,
    expiresAt: row.expires_at,
  };
  if (row.customer_id === null) return { kind: 'service', ...common };
  return {
    kind: 'customer',
    ...common,
    customerId: row.customer_id,
    tenantDatasetId: row.tenant_dataset_id,
    companyName: row.company_name,
    plan: row.subscription_plan,
    customerStatus: row.status,
  };
}

function checkOf(row: Row | undefined, now: Date): KeyCheck {
  if (!row) return { valid: false, code: 'NOT_FOUND' };
  const holder = holderOf(row);
  const state = { isActive: row.is_active, expiresAt: row.expires_at, deactivatedAt: row.deactivated_at };
  const status = statusOfKey({ ...state, replaced: false }, now);
  if (status === 'REVOKED') return { valid: false, code: 'DISABLED', holder };
  if (status === 'EXPIRED') return { valid: false, code: 'EXPIRED', holder };
  return { valid: true, holder };
}

/**
 * Checks a presented key. The answer comes from a query that started after the call; malformed keys cost no query.
 * Says nothing of scopes, rate limits or the customer's status. Throws where Postgres is down. Source: docs/architecture.md, Keys.
 */
export async function lookUpKey(plaintext: string, clock: Clock = systemClock): Promise<KeyCheck> {
  const row = kindOfKey(plaintext) ? await findRow(hashOfKey(plaintext)) : undefined;
  const check = checkOf(row, clock());
  metrics().keyVerifications.inc({ code: check.valid ? 'VALID' : check.code });
  return check;
}
