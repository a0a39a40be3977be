/** The weekly test of every stored credential. Source: docs/spec/requirements.md, C-58. */
import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import type { CheckOutcome } from '@/lib/domains/credentials/check/findings';
import { failureOf } from '@/lib/domains/credentials/check/outcome-columns';
import { testCredential } from '@/lib/domains/credentials/check/test-credential';
import { cloudCredentials } from '@/lib/domains/credentials/tables';
import { customers } from '@/lib/domains/customers/tables';
import { systemCtx } from '@/lib/kernel/ctx';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { log, messageForStaff } from '@/lib/platform/log';

/** Tested at the same time: half of a process's places, so that people need not wait for the job. */
const atOnce = 4;
const pageSize = 200;
/** Lines of a report; those that are not well come first. */
const maxListed = 300;

/** `error`: nothing could be asked, as where the key service is away. `replaced`: the secret was, meanwhile. */
type Outcome = CheckOutcome | 'replaced' | 'error';
type Line = { credential_id: string; customer_id: string; outcome: Outcome; reason: string | null };
export type ValidationReport = Record<Outcome, number> & { credentials: Line[] };

type Due = { credentialId: string; customerId: string; tenantDatasetId: string };
type Scope = { clock?: Clock; customers?: string[] };

const inUse = inArray(customers.status, ['ACTIVE', 'TRIAL']);

/** The next credentials in the order of their ids, which are random: a customer's are spread over the run. */
function dueAfter(after: string, only: string[] | undefined): Promise<Due[]> {
  return db()
    .select({
      credentialId: cloudCredentials.credentialId,
      customerId: cloudCredentials.customerId,
      tenantDatasetId: customers.tenantDatasetId,
    })
    .from(cloudCredentials)
    .innerJoin(customers, eq(customers.customerId, cloudCredentials.customerId))
    .where(
      and(
        eq(cloudCredentials.isActive, true),
        gt(cloudCredentials.credentialId, after),
        inUse,
        only ? inArray(cloudCredentials.customerId, only) : undefined,
      ),
    )
    .orderBy(asc(cloudCredentials.credentialId))
    .limit(pageSize);
}

async function tested({ credentialId, customerId, tenantDatasetId }: Due, clock: Clock): Promise<Line> {
  const line = { credential_id: credentialId, customer_id: customerId };
  try {
    const ctx = systemCtx('job:credential.validate_all', { customerId, tenantDatasetId }, clock);
    const { result } = await testCredential(ctx, { credential_id: credentialId });
    return { ...line, outcome: result.is_current ? result.outcome : 'replaced', reason: failureOf(result) };
  } catch (error) {
    log().error({ err: error, credential_id: credentialId }, 'a credential could not be tested');
    return { ...line, outcome: 'error', reason: messageForStaff(error).slice(0, 200) };
  }
}

/** Tests the credentials of a page, a few at a time. */
async function testPage(page: Due[], clock: Clock): Promise<Line[]> {
  const waiting = [...page];
  const lines: Line[] = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) lines.push(await tested(next, clock));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return lines;
}

/** Tests all active credentials of customers in use; one that cannot be tested stops no other. */
export async function validateAll({ clock = systemClock, customers: only }: Scope = {}): Promise<ValidationReport> {
  const counts: Record<Outcome, number> = { ok: 0, rejected: 0, expired: 0, untested: 0, replaced: 0, error: 0 };
  const unwell: Line[] = [];
  const well: Line[] = [];
  for (let page = await dueAfter('', only); page.length > 0; ) {
    for (const line of await testPage(page, clock)) {
      counts[line.outcome]++;
      const list = line.outcome === 'ok' ? well : unwell;
      if (list.length < maxListed) list.push(line);
    }
    page = page.length < pageSize ? [] : await dueAfter(page.at(-1)?.credentialId ?? '', only);
  }
  return { ...counts, credentials: [...unwell, ...well].slice(0, maxListed) };
}
