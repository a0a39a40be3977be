/** Columns of what was given up after all its attempts, in every table of the support console that lists such. */
import { formatCount } from '@/app/_ui/format';

type Tried = { attempts: number; last_error: string | null };

/** How often it was tried, and what the last attempt came to. */
export const triedColumns = [
  { id: 'attempts', head: 'Attempts', align: 'end', cell: (row: Tried) => formatCount(row.attempts) },
  {
    id: 'error',
    head: 'Last error',
    cell: (row: Tried) => <span className="wrap-anywhere">{row.last_error ?? '–'}</span>,
  },
] as const;
