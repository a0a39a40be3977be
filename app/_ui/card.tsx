/** A titled box; the heading is part of the page's outline. */
import { type ReactNode, useId } from 'react';

type Props = { title: string; actions?: ReactNode; children: ReactNode; note?: ReactNode };

export function Card({ title, actions, note, children }: Props) {
  const id = useId();
  return (
    <section className="card flex min-w-0 flex-col gap-3 p-4" aria-labelledby={id}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 id={id}>{title}</h2>
        {note && <p className="text-meta text-muted">{note}</p>}
        {actions}
      </div>
      {children}
    </section>
  );
}
