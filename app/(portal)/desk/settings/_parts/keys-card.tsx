/** Keys that may query, each with what one query of it may bill. */

import { Card } from '@/app/_ui/card';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { Link } from '@/app/_ui/link';
import { SubmitButton } from '@/app/_ui/submit-button';
import { sizeInput } from '@/app/(portal)/desk/_parts/desk-words';
import { setKeyCapAction } from '@/app/(portal)/desk/settings/actions';
import type { KeyCap } from '@/lib/domains/desk/caps/key-caps';
import { formatBytes } from '@/lib/platform/words/format-bytes';

type Props = { keys: readonly KeyCap[]; customerId: string; capBytes: number };

const columns = ({ customerId, capBytes }: Omit<Props, 'keys'>): Column<KeyCap>[] => [
  {
    id: 'key',
    head: 'Key',
    priority: 'name',
    cell: ({ api_key_id, name, key_prefix }) => (
      <>
        <Link className="link wrap-anywhere" href={`/keys/${api_key_id}`}>
          {name}
        </Link>
        <code className="block text-meta text-muted">{key_prefix}…</code>
      </>
    ),
  },
  {
    id: 'holds',
    head: 'A query may bill',
    align: 'end',
    cell: ({ max_bytes_per_query: own }) => formatBytes(Math.min(own ?? capBytes, capBytes), { exact: true }),
  },
  {
    id: 'cap',
    head: 'Cap of its own',
    wide: true,
    cell: ({ api_key_id, name, max_bytes_per_query }) => (
      <Form
        action={setKeyCapAction}
        customerId={customerId}
        hidden={{ api_key_id }}
        labels={{ key_cap: `Cap of ${name}` }}
        className="key-cap"
      >
        <TextField
          name="key_cap"
          label={<span className="sr-only">Cap of {name}</span>}
          placeholder={formatBytes(capBytes, { exact: true })}
          defaultValue={sizeInput(max_bytes_per_query)}
          autoComplete="off"
        />
        <SubmitButton variant="plain" pending="Saving…">
          Save<span className="sr-only"> the cap of {name}</span>
        </SubmitButton>
      </Form>
    ),
  },
];

export const KeysCard = ({ keys, ...rest }: Props) => (
  <Card title="Keys that may query">
    <p className="text-muted">
      A program or an agent with a key of the scope <code>desk:query</code> bills within these caps. An empty field
      means the cap of all queries.
    </p>
    <DataTable
      id="keys"
      caption="Keys that may query"
      columns={columns(rest)}
      rows={keys}
      rowKey={({ api_key_id }) => api_key_id}
      empty={
        <p>
          No key may query yet.{' '}
          <Link className="link" href="/keys/new">
            Create API key
          </Link>
        </p>
      }
    />
  </Card>
);
