/** A status as icon, word and colour, so that it reads without any one of them. */
import { Icon } from '@/app/_ui/icon';
import { type Status, statuses } from '@/app/_ui/status';

type Props = {
  status: Status;
  /** More about it beside the badge, such as "in 4 days". */
  detail?: string;
};

export function StatusBadge({ status, detail }: Props) {
  const { icon, word, tone } = statuses[status];
  const badge = (
    <span className={`badge tone-${tone}`}>
      <Icon name={icon} size={14} className={status === 'running' ? 'spinner' : ''} />
      {word}
    </span>
  );
  if (!detail) return badge;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
      {badge}
      <span className="text-muted">{detail}</span>
    </span>
  );
}
