/** Developers of AI usage with the account of GitHub that each is or may be. */
import type { ReactNode } from 'react';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount } from '@/app/_ui/format';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { ActorName } from '@/app/(portal)/_shell/actor-name';
import { personStatus, whyWords } from '@/app/(portal)/pull-requests/people/_parts/people-words';
import { PersonForms } from '@/app/(portal)/pull-requests/people/_parts/person-forms';
import { bookCostWords } from '@/app/(portal)/traces/_parts/cost-words';
import type { Person } from '@/lib/domains/pull-requests/people/read-people';

type Look = { now: Date; mode: 'relative' | 'absolute'; customerId: string; mayWrite: boolean };

const none = <span className="text-muted">–</span>;

const columns = ({ now, mode, customerId, mayWrite }: Look): Column<Person>[] => [
  {
    id: 'developer',
    head: 'Developer',
    priority: 'name',
    cell: ({ developer_id }) => <span className="block min-w-36 wrap-anywhere">{developer_id}</span>,
  },
  {
    id: 'state',
    head: 'State',
    priority: 'second',
    cell: ({ state }) => <StatusBadge status={personStatus[state]} />,
  },
  {
    id: 'account',
    head: 'Account on GitHub',
    wide: true,
    cell: person => (
      <span className="block min-w-44">
        {person.login === null ? (
          none
        ) : person.state === 'REJECTED' ? (
          <s className="text-muted wrap-anywhere">{person.login}</s>
        ) : (
          <span className="wrap-anywhere">{person.login}</span>
        )}
        <span className="block text-meta text-muted wrap-anywhere">
          {person.said_by ? (
            <>
              Said by <ActorName label={person.said_by} />, {whyWords(person)}.
            </>
          ) : (
            whyWords(person)
          )}
        </span>
      </span>
    ),
  },
  {
    id: 'book',
    head: 'Book price, 90 days',
    align: 'end',
    cell: ({ book_cost_usd, requests, unpriced }) =>
      requests === 0 ? none : bookCostWords({ bookCostUsd: book_cost_usd, requests, unpriced }),
  },
  { id: 'requests', head: 'Requests', align: 'end', cell: ({ requests }) => formatCount(requests) },
  {
    id: 'last',
    head: 'Last request',
    cell: ({ last_request_at }) => <Time instant={last_request_at} now={now} mode={mode} none="–" />,
  },
  ...(mayWrite
    ? [
        {
          id: 'actions',
          head: 'Say who it is',
          wide: true,
          cell: (person: Person) => <PersonForms person={person} customerId={customerId} />,
        },
      ]
    : []),
];

type Props = Look & { people: readonly Person[]; empty: ReactNode; footer: ReactNode };

export const PeopleTable = ({ people, empty, footer, ...look }: Props) => (
  <DataTable
    caption="People"
    columns={columns(look)}
    rows={people}
    rowKey={({ developer_id }) => developer_id}
    empty={empty}
    footer={footer}
  />
);
