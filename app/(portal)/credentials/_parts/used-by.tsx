/** The provider configs and repositories that use a credential. */
import { Link } from '@/app/_ui/link';
import { StatusBadge } from '@/app/_ui/status-badge';

type Config = { config_id: string; name: string; is_active: boolean };

type Repository = { repository_id: string; name: string };
type Props = { configs: readonly Config[]; repositories: readonly Repository[] };

export function UsedBy({ configs, repositories }: Props) {
  if (configs.length + repositories.length === 0)
    return <p className="text-muted">No provider config and no repository uses it.</p>;
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
      {repositories.map(({ repository_id, name }) => (
        <li key={repository_id}>
          <Link
            className="link wrap-anywhere"
            href={`/pull-requests/repositories/${encodeURIComponent(repository_id)}`}
          >
            {name}
          </Link>
        </li>
      ))}
    </ul>
  );
}
