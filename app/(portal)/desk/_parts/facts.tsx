/** What is said of a query before it ran and after: figures under their names, and the tables that it reads. */

export const Facts = ({ facts }: { facts: readonly { label: string; value: string }[] }) => (
  <dl className="facts">
    {facts.map(({ label, value }) => (
      <div key={label}>
        <dt>{label}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);

export const TableNames = ({ tables }: { tables: readonly string[] }) => (
  <>
    {tables.map((name, at) => (
      <span key={name}>
        {at > 0 && ', '}
        <code>{name}</code>
      </span>
    ))}
    {tables.length === 0 && 'no table'}
  </>
);
