/** The frame of pages outside the portal: sign-in, invitations, the first organization. One card under the wordmark. */
import type { ReactNode } from 'react';
import { Wordmark } from '@/app/_ui/wordmark';

type Props = {
  /** The card's width in px. */
  width?: 400 | 480 | 560;
  /** Opposite the wordmark: "Step 1 of 2". */
  note?: string;
  /** Beside the card on wide screens. */
  beside?: ReactNode;
  children: ReactNode;
};

const widths = { 400: 'max-w-[400px]', 480: 'max-w-[480px]', 560: 'max-w-[560px]' };

export function EntryFrame({ width = 480, note, beside, children }: Props) {
  return (
    <div className="entry">
      <main id="main" className="entry-main">
        <div className={`flex w-full min-w-0 flex-col gap-6 ${widths[width]}`}>
          <p className="flex items-center justify-between gap-4">
            <Wordmark />
            {note && <span className="text-table text-muted">{note}</span>}
          </p>
          <div className="card flex min-w-0 flex-col gap-4 p-6 sm:p-8">{children}</div>
        </div>
      </main>
      {beside && <aside className="entry-beside">{beside}</aside>}
    </div>
  );
}
