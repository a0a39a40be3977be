/** "Needs attention", with its count in the heading. */
import { Card } from '@/app/_ui/card';
import { formatList } from '@/app/_ui/format';
import { Icon } from '@/app/_ui/icon';
import { Link } from '@/app/_ui/link';
import { toneIcons } from '@/app/_ui/status';
import type { AttentionItem } from '@/app/(portal)/_overview/attention';

type Props = {
  items: readonly AttentionItem[];
  /** What could not be loaded, so that the list may lack some of it: "API keys". */
  missing: readonly string[];
};

export function AttentionCard({ items, missing }: Props) {
  return (
    <Card title={items.length > 0 ? `Needs attention (${items.length})` : 'Needs attention'}>
      {items.length > 0 && (
        <ul className="flex flex-col gap-3">
          {items.map(item => (
            <Item key={item.id} item={item} />
          ))}
        </ul>
      )}
      {missing.length > 0 ? (
        <p className="text-muted">
          Could not load {formatList(missing)}.{' '}
          <a className="link" href="/">
            Try again
          </a>
        </p>
      ) : (
        items.length === 0 && <p className="text-muted">Nothing needs attention.</p>
      )}
    </Card>
  );
}

function Item({ item }: { item: AttentionItem }) {
  return (
    <li className="flex items-start gap-2">
      <Icon
        name={toneIcons[item.tone]}
        label={item.tone === 'bad' ? 'Problem' : 'Warning'}
        className={`mt-0.5 ${item.tone === 'bad' ? 'text-bad' : 'text-warn'}`}
      />
      <span className="min-w-0 flex-1 wrap-anywhere">{item.text}</span>
      {item.action && (
        <Link className="link flex-none" href={item.action.href}>
          {item.action.label}
          <span className="sr-only">: {item.text}</span>
        </Link>
      )}
    </li>
  );
}
