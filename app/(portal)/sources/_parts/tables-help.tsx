/** Beside the form of a new source: which tables its events make. Source: docs/spec/004-event-collection.md, Table Structure. */
const tables = [
  ['tracks', 'one row a track call, with the columns that all share'],
  ['<event>', 'one table a named event, with its properties as columns'],
  ['identifies', 'one row an identify call, with its traits'],
  ['users', 'one row a user, with the latest traits'],
  ['pages, screens, groups, aliases', 'one row a call'],
] as const;

export function TablesHelp() {
  return (
    <aside className="card flex max-w-prose flex-col gap-3 self-start p-4" aria-label="What you get">
      <h2>What you get in BigQuery</h2>
      <dl className="flex flex-col gap-2">
        {tables.map(([name, text]) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd className="text-muted">{text}</dd>
          </div>
        ))}
      </dl>
      <p className="text-muted">
        Tables and columns are made as events need them. Each table has a view without repeats,{' '}
        <code>&lt;table&gt;_view</code>.
      </p>
    </aside>
  );
}
