/** What a change did, field by field: before and after. */
import { ShortId } from '@/app/_ui/short-id';
import { Time } from '@/app/_ui/time';

/** null: there was no value. An id is shown short, with what it names where that is known. */
type Value = string | Date | { id: string; name?: string | undefined } | null;

type Props = {
  /** Names the table for assistive technology. */
  caption: string;
  changes: readonly { field: string; before: Value; after: Value }[];
};

export function DiffTable({ caption, changes }: Props) {
  return (
    <table className="diff">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ field, before, after }) => (
          <tr key={field}>
            <th scope="row">{field}</th>
            <td>
              <ValueText value={before} />
            </td>
            <td>
              <ValueText value={after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ValueText({ value }: { value: Value }) {
  if (value === null) return <span className="text-muted">–</span>;
  if (value === '[secret]') return <span className="text-muted">a secret, never stored here</span>;
  if (value instanceof Date) return <Time instant={value} now={value} mode="absolute" />;
  if (typeof value === 'string') return value;
  return (
    <>
      {value.name} <ShortId id={value.id} />
    </>
  );
}
