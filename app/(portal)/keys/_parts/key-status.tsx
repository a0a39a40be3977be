/** Status, expiry and start of a key as lists and details show them. */
import { formatInstant } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import type { Status } from '@/app/_ui/status';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import type { KeyStatus } from '@/lib/domains/keys/rules';
import type { KeyView } from '@/lib/domains/keys/view';

const badges: Record<KeyStatus, Status> = {
  ACTIVE: 'active',
  EXPIRES_SOON: 'expires_soon',
  REPLACED: 'active',
  EXPIRED: 'expired',
  REVOKED: 'revoked',
};

type Props = { keyView: KeyView; updating?: boolean; mayWrite: boolean };

/** The badge, and for a replaced key how long it goes on, with the way to end it. */
export function KeyStatusCell({ keyView, updating = false, mayWrite }: Props) {
  return (
    <span className="flex flex-col items-start gap-1">
      <StatusBadge status={badges[keyView.status]} detail={updating ? 'updating' : undefined} />
      {keyView.status === 'REPLACED' && keyView.expires_at && (
        <span className="text-meta text-muted">
          Old key works until {formatInstant(keyView.expires_at)}
          {mayWrite && (
            <>
              {' '}
              <Link className="link" href={`/keys/${keyView.api_key_id}/end-grace`}>
                End now<span className="sr-only"> for {keyView.name}</span>
              </Link>
            </>
          )}
        </span>
      )}
    </span>
  );
}

/** "in 4 days" in warn colour from 14 days on; "Never"; a dash where a revocation came first. */
export function KeyExpiry({ keyView, now, mode }: { keyView: KeyView; now: Date; mode: 'relative' | 'absolute' }) {
  if (keyView.status === 'REVOKED') return <span className="text-muted">–</span>;
  return (
    <span className={keyView.status === 'EXPIRES_SOON' ? 'font-medium text-warn' : undefined}>
      <Time instant={keyView.expires_at} now={now} mode={mode} />
    </span>
  );
}

/** `ty_live_4f2a…`: enough to tell keys apart, the rest exists nowhere. */
export const KeyStart = ({ keyView }: { keyView: KeyView }) => (
  <code className="whitespace-nowrap">{keyView.key_prefix}…</code>
);
