/** Fields of a request or an answer as a table that scrolls in its own box. */
import { escapedHtml, inlineHtml } from '@/app/docs/_parts/inline-html';
import { ScrollBox } from '@/app/docs/_parts/scroll-box';
import type { Field } from '@/app/docs/_reference/call';

const rowOf = (field: Field, asked: boolean): string => {
  const optional = asked && !field.required ? ', optional' : '';
  const name = `<th scope="row"><code>${escapedHtml(field.name)}</code></th>`;
  return `<tr>${name}<td>${escapedHtml(field.type + optional)}</td><td>${inlineHtml(field.text)}</td></tr>`;
};

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
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: made by rowOf(), which escapes every text. */}
        <tbody dangerouslySetInnerHTML={{ __html: fields.map(field => rowOf(field, asked)).join('') }} />
      </table>
    </ScrollBox>
  );
}
