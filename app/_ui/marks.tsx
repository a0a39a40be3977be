/** The last results of one thing as a row of small links, oldest first; each says in words what its shape and colour say. */
import { formatInstant } from '@/app/_ui/format';
import { Icon } from '@/app/_ui/icon';
import { Link } from '@/app/_ui/link';
import { type Status, statuses } from '@/app/_ui/status';

export type Mark = {
  id: string;
  status: Status;
  at: Date;
  href: string;
  /** The one that the page is about. */
  current?: boolean;
};

type Props = {
  /** "Last 10 results of nulls on costs.gcp_daily". */
  label: string;
  marks: readonly Mark[];
};

export function Marks({ label, marks }: Props) {
  if (marks.length === 0) return <span className="text-muted">–</span>;
  return (
    <ol className="marks" aria-label={label}>
      {marks.map(({ id, status, at, href, current }) => (
        <li key={id}>
          <Link
            href={href}
            className="mark"
            data-tone={statuses[status].tone}
            aria-current={current ? 'true' : undefined}
            title={formatInstant(at)}
          >
            <Icon name={statuses[status].icon} size={14} />
            <span className="sr-only">
              {statuses[status].word}, {formatInstant(at)}
            </span>
          </Link>
        </li>
      ))}
    </ol>
  );
}
