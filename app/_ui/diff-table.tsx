/** What a change did, field by field: before and after. */

type Props = {
  /** Names the table for assistive technology. */
  caption: string;
  /** null: there was no value. */
  changes: readonly { field: string; before: string | null; after: string | null }[];
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
              <Value text={before} />
            </td>
            <td>
              <Value text={after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ text }: { text: string | null }) {
  if (text === null) return <span className="text-muted">–</span>;
  if (text === '[secret]') return <span className="text-muted">a secret, never stored here</span>;
  return text;
}
