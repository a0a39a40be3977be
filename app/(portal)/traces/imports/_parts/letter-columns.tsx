/** What a run refused: where it stood, why, and how it began. */
import type { Column } from '@/app/_ui/data-table';
import { formatCount, formatInstant } from '@/app/_ui/format';
import type { DeadLetterView, ImportView } from '@/lib/domains/traces/imports/imports';

/** Where a refused record stood: lines of a file count from 1, records of a request from 0, as its answer has them. */
const placeColumns = (job: ImportView['job']): Column<DeadLetterView>[] =>
  job === 'receive-traces'
    ? [
        { id: 'received', head: 'Received', cell: ({ failed_at }) => formatInstant(failed_at) },
        { id: 'index', head: 'Index in its request', align: 'end', cell: ({ line }) => formatCount(line - 1) },
      ]
    : [{ id: 'line', head: 'Line', align: 'end', cell: ({ line }) => formatCount(line) }];

/** Columns of the refused lines of such a run. */
export const letterColumns = (job: ImportView['job']): Column<DeadLetterView>[] => [
  ...placeColumns(job),
  {
    id: 'reason',
    head: 'Why it was refused',
    priority: 'name',
    cell: ({ reason, field, code }) => (
      <span className="block">
        {reason}
        <span className="block text-meta font-normal text-muted">
          <code>{code}</code>
          {field && (
            <>
              {' in '}
              <code className="wrap-anywhere">{field}</code>
            </>
          )}
        </span>
      </span>
    ),
  },
  {
    id: 'content',
    head: 'Start of the line',
    wide: true,
    cell: ({ content }) => (
      <code className="block max-h-24 overflow-hidden text-meta wrap-anywhere">{content.slice(0, 300)}</code>
    ),
  },
];
