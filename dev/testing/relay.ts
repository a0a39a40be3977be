/** What tests of the relay share: a mirror of their own, customers of it, and what its copy is expected to hold. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import { type Item, testMirror } from '@/dev/testing/test-mirror';
import { randomText } from '@/lib/platform/ids';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

/** A mirror of the test file's own, `<prefix>_…`, made before its first test and dropped after its last. */
export function withTestMirror(prefix: string, movedFrom?: Mirror<Item>['movedFrom']) {
  const name = `${prefix}_${randomText(8)}`;
  const mirror = testMirror(name, 'upsert', movedFrom);
  const customers = new Set<string>();
  const only = { mirrors: [mirror.name] };
  beforeAll(mirror.create);
  afterAll(() => mirror.drop([...customers]));
  return {
    name,
    mirror,
    only,
    newCustomer: (): string => {
      const customer = `c${randomText(6)}`;
      customers.add(customer);
      return customer;
    },
    flush: () => flushOnce(mirror.deps(), only),
  };
}

/** An item as BigQuery answers it. */
export const asRow = ({ customerId, ...item }: Item) => ({ ...item, customer_id: customerId });
export const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

/** Waits until the condition holds. Throws where it does not in time. */
export async function until(condition: () => Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; !(await condition()); await sleep(50)) {
    if (Date.now() > end) throw new Error('the condition did not come true in time');
  }
}
