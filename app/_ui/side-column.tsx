/** A page of little content with a second column that helps: limits, who may, what changed last. On narrow screens it follows. */
import type { ReactNode } from 'react';
import { Card } from '@/app/_ui/card';

export function WithSide({ children, side }: { children: ReactNode; side: ReactNode }) {
  return (
    <div className="grid items-start gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,22rem)]">
      <div className="min-w-0">{children}</div>
      <aside aria-label="Good to know" className="flex min-w-0 flex-col gap-4">
        {side}
      </aside>
    </div>
  );
}

/** A box of the second column: short sentences, one below the other. */
export function SideCard({ title, lines }: { title: string; lines: readonly ReactNode[] }) {
  return (
    <Card title={title}>
      <ul className="flex list-disc flex-col gap-1 pl-5 text-table text-muted">
        {lines.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: The lines of a box are written in the page and never move.
          <li key={at}>{line}</li>
        ))}
      </ul>
    </Card>
  );
}
