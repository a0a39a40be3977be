/** The last changes of one kind of thing, beside the form that makes another; for who may read the audit log. */
import { Card } from '@/app/_ui/card';
import { Link } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { Time } from '@/app/_ui/time';
import { listRecentChanges } from '@/lib/domains/audit/recent';
import { type Visitor, visitorMay } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';

export async function RecentChanges({ visitor, target }: { visitor: Visitor; target: string }) {
  if (!visitorMay(visitor, 'audit:read')) return null;
  const changes = await listRecentChanges(requireCustomer(visitor.ctx), { target });
  if (changes.length === 0) return null;
  return (
    <Card
      title="Recent changes"
      actions={
        <Link className="link text-meta" href={hrefWith('/audit', { target }, {})}>
          Audit log
        </Link>
      }
    >
      <ul className="flex flex-col gap-2 text-table">
        {changes.map(({ id, at, actor, sentence }) => (
          <li key={id} className="wrap-break-word">
            {actor} {sentence}{' '}
            <span className="text-meta text-muted">
              · <Time instant={at} now={visitor.ctx.clock()} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
