/** An organization in a row of the support console: its name, and the id that forms ask for. */

export function Organization({ id, name }: { id: string | null; name: string | null }) {
  if (id === null) return <span className="text-muted">Unknown</span>;
  return (
    <span className="flex flex-col">
      <span className="wrap-anywhere">{name ?? 'Erased'}</span>
      <code className="text-meta font-normal wrap-anywhere text-muted">{id}</code>
    </span>
  );
}
