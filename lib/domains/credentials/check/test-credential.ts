/** Tests a stored credential, and keeps what the test found. */
import { eq } from 'drizzle-orm';
import { withinAllowance } from '@/lib/domains/credentials/check/allowance';
import { checkSecret } from '@/lib/domains/credentials/check/check-secret';
import type { CheckResult } from '@/lib/domains/credentials/check/findings';
import { outcomeColumns } from '@/lib/domains/credentials/check/outcome-columns';
import { testCredentialInput } from '@/lib/domains/credentials/input';
import { credentialsMirror } from '@/lib/domains/credentials/mirror';
import { providerTitles } from '@/lib/domains/credentials/rules';
import { lockCredential, openSecret, requireCredential } from '@/lib/domains/credentials/stored-credential';
import { type CloudCredential, cloudCredentials } from '@/lib/domains/credentials/tables';
import { type CredentialView, viewOf } from '@/lib/domains/credentials/view';
import { notify } from '@/lib/domains/notifications/notify';
import { type Change, defineCommand } from '@/lib/kernel/command';
import type { Ctx } from '@/lib/kernel/ctx';
import { db, type Tx } from '@/lib/platform/db';

export type TestAnswer = CheckResult & {
  /** False where the secret was replaced while it was tested: what was found is of no use. */
  is_current: boolean;
  credential: CredentialView;
};

/**
 * Tells that a credential fails, once until it works again. Who tests one by hand sees the answer: others are told only
 * where it has worked before. The weekly test tells of all; the same failure twice is one message.
 */
async function tell(tx: Tx, ctx: Ctx, before: CloudCredential, after: CloudCredential): Promise<void> {
  if (!after.failingSince) return;
  if (ctx.actor.type !== 'system' && before.validationStatus !== 'VALID') return;
  const data = {
    credential_id: after.credentialId,
    name: after.credentialName,
    provider: providerTitles[after.provider],
    failing_since: after.failingSince.toISOString(),
    reason: after.validationError ?? '',
  };
  await notify(tx, { event: 'credential_failing', customerId: after.customerId, at: ctx.clock(), data });
}

async function keep(tx: Tx, ctx: Ctx, row: CloudCredential, found: CheckResult): Promise<Change<TestAnswer>> {
  const now = ctx.clock();
  const [changed] = await tx
    .update(cloudCredentials)
    .set(outcomeColumns(row, found, now))
    .where(eq(cloudCredentials.credentialId, row.credentialId))
    .returning();
  if (!changed) throw new Error('the credential went away under its lock');
  await tell(tx, ctx, row, changed);
  const after = viewOf(changed, now);
  return {
    result: { ...found, is_current: true, credential: after },
    target: { type: 'credential', id: row.credentialId },
    before: viewOf(row, now),
    after: { ...after, outcome: found.outcome },
    mirror: [credentialsMirror.ref(changed)],
  };
}

/**
 * Tests the secret in use of a stored credential. AppError not_found, rate_limited,
 * key_service_unavailable. Source: docs/architecture.md, Credentials.
 */
export const testCredential = defineCommand({
  name: 'credential.test',
  permission: 'credentials:write',
  input: testCredentialInput,
  prepare: async ({ ctx, input }) => {
    const row = await requireCredential(db(), ctx, input.credential_id);
    const { customerId, requiredPermissions } = row;
    const found = await withinAllowance(ctx, async () =>
      checkSecret({ secret: await openSecret(row), requiredPermissions, customerId }),
    );
    return { version: row.secretVersion, found };
  },
  run: async ({ ctx, tx, input, prepared: { version, found } }): Promise<Change<TestAnswer>> => {
    const row = await lockCredential(tx, ctx, input.credential_id);
    if (row.secretVersion === version) return keep(tx, ctx, row, found);
    return { result: { ...found, is_current: false, credential: viewOf(row, ctx.clock()) }, unchanged: true };
  },
});
