/** What a query and a day of queries may bill: for admins a form, for others the figures. */

import { Card } from '@/app/_ui/card';
import { TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { SubmitButton } from '@/app/_ui/submit-button';
import { sizeInput } from '@/app/(portal)/desk/_parts/desk-words';
import { setCapsAction } from '@/app/(portal)/desk/settings/actions';
import type { DeskCaps } from '@/lib/domains/desk/caps/caps';
import { leastBytes } from '@/lib/domains/desk/rules';
import { formatBytes } from '@/lib/platform/words/format-bytes';

type Props = { caps: DeskCaps; customerId: string; mayManage: boolean };

const labels = { max_bytes_per_query: 'A query', bytes_per_day: 'A day (UTC)' };

export const CapsCard = ({ caps, customerId, mayManage }: Props) => (
  <Card title="What queries may bill">
    {mayManage ? (
      <CapsForm caps={caps} customerId={customerId} />
    ) : (
      <dl className="facts">
        <div>
          <dt>{labels.max_bytes_per_query}</dt>
          <dd>{formatBytes(caps.maxBytesPerQuery, { exact: true })}</dd>
        </div>
        <div>
          <dt>{labels.bytes_per_day}</dt>
          <dd>{formatBytes(caps.bytesPerDay, { exact: true })}</dd>
        </div>
      </dl>
    )}
  </Card>
);

/** A cap that is the operator's own stands in no field: then it follows the operator's. */
const own = (bytes: number, operator: number): string => (bytes === operator ? '' : sizeInput(bytes));

function CapsForm({ caps: { operator, maxBytesPerQuery, bytesPerDay }, customerId }: Omit<Props, 'mayManage'>) {
  const most = {
    query: formatBytes(operator.maxBytesPerQuery, { exact: true }),
    day: formatBytes(operator.bytesPerDay, { exact: true }),
  };
  return (
    <Form action={setCapsAction} customerId={customerId} labels={labels}>
      <TextField
        name="max_bytes_per_query"
        label={labels.max_bytes_per_query}
        optional
        help={`From ${formatBytes(leastBytes, { exact: true })}, which BigQuery bills a table at least, to ${most.query}. Empty for ${most.query}.`}
        placeholder={most.query}
        defaultValue={own(maxBytesPerQuery, operator.maxBytesPerQuery)}
        autoComplete="off"
      />
      <TextField
        name="bytes_per_day"
        label={labels.bytes_per_day}
        optional
        help={`All queries of the organization together, up to ${most.day}. Empty for ${most.day}; 0 lets none run.`}
        placeholder={most.day}
        defaultValue={own(bytesPerDay, operator.bytesPerDay)}
        autoComplete="off"
      />
      <div>
        <SubmitButton pending="Saving limits…">Save limits</SubmitButton>
      </div>
    </Form>
  );
}
