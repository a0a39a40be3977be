/** Keeps the query of the page by a name, for everybody in the organization who may query. */
import { TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { SubmitButton } from '@/app/_ui/submit-button';
import { saveQueryAction } from '@/app/(portal)/desk/actions';

const labels = { query_name: 'Name' };

export const SaveForm = ({ customerId, sql }: { customerId: string; sql: string }) => (
  <details className="min-w-0">
    <summary className="btn btn-plain">Save…</summary>
    <div className="mt-3 w-80 max-w-full">
      <Form action={saveQueryAction} customerId={customerId} hidden={{ sql }} labels={labels}>
        <TextField
          name="query_name"
          label={labels.query_name}
          help="Everybody in the organization who may query sees it."
          required
          maxLength={100}
          autoComplete="off"
        />
        <div>
          <SubmitButton pending="Saving query…">Save query</SubmitButton>
        </div>
      </Form>
    </div>
  </details>
);
