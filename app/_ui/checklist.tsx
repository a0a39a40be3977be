/** Open setup steps ticked from data, never by hand; hiding is a form of the page, and with the last step it is gone by itself. */
import type { ReactNode } from 'react';
import { Icon } from '@/app/_ui/icon';
import { Link } from '@/app/_ui/link';

type Props = {
  items: readonly { label: string; done: boolean; href: string }[];
  /** The form with its [Hide] button. */
  hide: ReactNode;
};

export function Checklist({ items, hide }: Props) {
  const done = items.filter(item => item.done).length;
  return (
    <section className="card p-4" aria-label="Setup">
      <div className="mb-2 flex items-center justify-between gap-4">
        <h2>{`${done} of ${items.length} done`}</h2>
        {hide}
      </div>
      <ol className="flex flex-col">
        {items.map(item => (
          <li key={item.label} className="flex min-h-8 items-center gap-2">
            <Icon
              name={item.done ? 'circle-check' : 'circle'}
              className={item.done ? 'text-ok' : 'text-muted'}
              label={item.done ? 'Done' : 'To do'}
            />
            {item.done ? (
              <span className="text-muted">{item.label}</span>
            ) : (
              <Link className="link" href={item.href}>
                {item.label}
              </Link>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
