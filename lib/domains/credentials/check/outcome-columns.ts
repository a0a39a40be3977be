/** What the outcome of a test changes of a stored credential. */
import type { CheckOutcome, CheckResult } from '@/lib/domains/credentials/check/findings';
import type { ValidationStatus } from '@/lib/domains/credentials/rules';
import type { CloudCredential } from '@/lib/domains/credentials/tables';

const statusOf: Record<Exclude<CheckOutcome, 'untested'>, ValidationStatus> = {
  ok: 'VALID',
  rejected: 'INVALID',
  expired: 'EXPIRED',
};

/** What the failed step says; null where none failed. */
export const failureOf = ({ steps }: CheckResult): string | null =>
  steps.find(({ outcome }) => outcome === 'failed')?.message ?? null;

/**
 * Columns after a test at `now`. A provider that could not be asked leaves all but the report as it was: an outage of
 * theirs makes no credential bad.
 */
export function outcomeColumns(row: CloudCredential, result: CheckResult, now: Date): Partial<CloudCredential> {
  const { outcome, steps } = result;
  if (outcome === 'untested') return { lastCheck: steps };
  return {
    lastCheck: steps,
    lastValidatedAt: now,
    validationStatus: statusOf[outcome],
    validationError: failureOf(result),
    failingSince: outcome === 'ok' ? null : (row.failingSince ?? now),
    scopes: result.scopes,
    accountId: row.accountId ?? result.account_id,
    projectId: row.projectId ?? result.project_id,
  };
}
