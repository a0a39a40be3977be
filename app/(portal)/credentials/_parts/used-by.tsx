/** The provider configs that use a credential. */
import { Link } from '@/app/_ui/link';
import { StatusBadge } from '@/app/_ui/status-badge';

type Config = { config_id: string; name: string; is_active: boolean };

export function UsedBy({ configs }: { configs: readonly Config[] }) {
  if (configs.length === 0) return <p className="text-muted">No provider config uses it.</p>;
  return (
    <ul className="flex flex-col gap-2">
      {configs.map(({ config_id, name, is_active }) => (
        <li key={config_id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Link className="link wrap-anywhere" href={`/providers/${encodeURIComponent(config_id)}`}>
            {name}
          </Link>
          <StatusBadge status={is_active ? 'on' : 'off'} />
        </li>
      ))}
    </ul>
  );
}
