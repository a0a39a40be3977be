/** Whom the config's messages reach. */
import { Card } from '@/app/_ui/card';
import { formatDate } from '@/app/_ui/format';
import type { ConfigView } from '@/lib/domains/providers/view';

export function MessagesCard({ config }: { config: ConfigView }) {
  const { notification_enabled, notification_emails, slack_set_at } = config;
  return (
    <Card title="Messages">
      {!notification_enabled && <p className="text-muted">None are sent: they are switched off.</p>}
      {notification_emails.length > 0 && (
        <ul>
          {notification_emails.map(address => (
            <li key={address} className="wrap-anywhere">
              {address}
            </li>
          ))}
        </ul>
      )}
      <p className={slack_set_at ? undefined : 'text-muted'}>
        {slack_set_at ? `Slack, since ${formatDate(slack_set_at)}.` : 'No Slack channel.'}
      </p>
    </Card>
  );
}
