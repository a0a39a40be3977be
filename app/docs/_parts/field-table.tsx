/** Fields of a request or an answer as a table that scrolls in its own box. */
import { Inline } from '@/app/docs/_parts/inline';
import { ScrollBox } from '@/app/docs/_parts/scroll-box';
import type { Field } from '@/app/docs/_reference/call';

export function FieldTable({ caption, fields, asked }: { caption: string; fields: Field[]; asked: boolean }) {
  return (
    <ScrollBox label={caption}>
      <table className="table">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Type</th>
            <th scope="col">Meaning</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(field => (
            <tr key={field.name}>
              <th scope="row">
                <code>{field.name}</code>
              </th>
              <td>
                {field.type}
                {asked && !field.required && <span className="text-muted">, optional</span>}
              </td>
              <td>
                <Inline text={field.text} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
