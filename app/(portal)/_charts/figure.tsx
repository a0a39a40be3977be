/** One large figure with its name and what it is out of; it links to the list that explains it. */
import type { ReactNode } from 'react';
import { Link } from '@/app/_ui/link';

type Props = {
  label: string;
  /** null: not loaded. */
  value: string | null;
  note?: ReactNode;
  /** The list that explains the figure, and what the link says after it to those who only hear it. */
  link?: { href: string; says: string };
};

export function Figure({ label, value, note, link }: Props) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className="flex flex-col">
        <span className="text-table text-muted">{label}</span>
        {value === null ? (
          <span className="text-section text-muted">not loaded</span>
        ) : (
          <span className="text-metric font-semibold tabular-nums">
            {link ? (
              <Link className="figure-link" href={link.href}>
                {value}
                <span className="sr-only"> {link.says}</span>
              </Link>
            ) : (
              value
            )}
          </span>
        )}
      </div>
      {note && <p className="text-meta text-muted">{note}</p>}
    </div>
  );
}
