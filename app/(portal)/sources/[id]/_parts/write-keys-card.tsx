/** The write keys of a source that work now: to copy, to rotate, to revoke. */
import { LinkButton } from '@/app/_ui/button';
import { Card } from '@/app/_ui/card';
import { CopyButton } from '@/app/_ui/copy-button';
import { formatInstant } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { Time } from '@/app/_ui/time';
import { ActorName } from '@/app/(portal)/_shell/actor-name';
import { sourceHref } from '@/app/(portal)/sources/_parts/source-page';
import type { SourceView, WriteKeyView } from '@/lib/domains/events/view';

type Props = { source: SourceView; now: Date; mayWrite: boolean };

export function WriteKeysCard({ source, now, mayWrite }: Props) {
  const href = sourceHref(source.source_id);
  return (
    <Card
      title={source.write_keys.length > 1 ? 'Write keys' : 'Write key'}
      actions={mayWrite && <LinkButton href={`${href}/rotate`}>Rotate…</LinkButton>}
    >
      {source.write_keys.length === 0 ? (
        <p className="text-warn">
          No write key works: every event is refused with 401. {mayWrite && 'Rotate makes a new one.'}
        </p>
      ) : (
        <ul className="flex flex-col gap-4">
          {source.write_keys.map(key => (
            <li key={key.write_key}>
              <WriteKey writeKey={key} now={now} revokeHref={mayWrite ? `${href}/revoke` : undefined} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function WriteKey({ writeKey, now, revokeHref }: { writeKey: WriteKeyView; now: Date; revokeHref?: string }) {
  const { write_key, created_at, created_by, expires_at, last_used_at } = writeKey;
  return (
    <div className="flex flex-col gap-1">
      <div className="flex flex-wrap items-center gap-2">
        <code className="wrap-anywhere">{write_key}</code>
        <CopyButton value={write_key} label={`Copy write key ${write_key}`} noun="key" />
        {revokeHref && (
          <Link className="link" href={`${revokeHref}?key=${encodeURIComponent(write_key)}`}>
            Revoke…<span className="sr-only"> {write_key}</span>
          </Link>
        )}
      </div>
      {expires_at && <p className="text-warn">Old write key, works until {formatInstant(expires_at)}.</p>}
      <p className="text-table text-muted wrap-anywhere">
        Made <Time instant={created_at} now={now} mode="date" /> by <ActorName label={created_by} />. Last used:{' '}
        <Time instant={last_used_at} now={now} />
      </p>
    </div>
  );
}
