/** Health and expiry of a credential as lists and details show them. */
import { formatRelative } from '@/app/_ui/format';
import type { Status } from '@/app/_ui/status';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import type { CredentialHealth } from '@/lib/domains/credentials/rules';
import type { CredentialView } from '@/lib/domains/credentials/view';

export const healthStatus: Record<CredentialHealth, Status> = {
  HEALTHY: 'healthy',
  EXPIRES_SOON: 'expires_soon',
  FAILING: 'failing',
  EXPIRED: 'expired',
  UNTESTED: 'never_tested',
  DELETED: 'removed',
};

type Shown = Pick<CredentialView, 'health' | 'last_validated_at' | 'failing_since' | 'expires_at'>;

/** "checked 2 h ago", "since 3 h ago": what stands beside the badge. */
function detailOf({ health, last_validated_at, failing_since }: Shown, now: Date): string | undefined {
  if (health === 'FAILING' && failing_since) return `since ${formatRelative(failing_since, now)}`;
  if (health === 'UNTESTED' || !last_validated_at) return undefined;
  return `checked ${formatRelative(last_validated_at, now)}`;
}

export function HealthBadge({ credential, now, updating }: { credential: Shown; now: Date; updating?: boolean }) {
  return (
    <StatusBadge status={healthStatus[credential.health]} detail={updating ? 'updating' : detailOf(credential, now)} />
  );
}

type ExpiryProps = { credential: Shown; now: Date; mode: 'relative' | 'absolute' };

/** "in 4 days" in warn colour from 14 days on; "Never". */
export function CredentialExpiry({ credential: { health, expires_at }, now, mode }: ExpiryProps) {
  const tone = health === 'EXPIRED' ? 'font-medium text-bad' : health === 'EXPIRES_SOON' ? 'font-medium text-warn' : '';
  return (
    <span className={tone || undefined}>
      <Time instant={expires_at} now={now} mode={mode} />
    </span>
  );
}
