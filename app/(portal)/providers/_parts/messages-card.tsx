/** Whom the config's messages reach, and a message to try Slack with. */
import { Card } from '@/app/_ui/card';
import { Form } from '@/app/_ui/form';
import { formatDate } from '@/app/_ui/format';
import { SubmitButton } from '@/app/_ui/submit-button';
import { testSlackAction } from '@/app/(portal)/providers/actions';
import type { ConfigView } from '@/lib/domains/providers/view';

type Props = { config: ConfigView; customerId: string; mayWrite: boolean };

export function MessagesCard({ config, customerId, mayWrite }: Props) {
  const { notification_enabled, notification_emails, slack_set_at, config_id } = config;
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
      {slack_set_at && mayWrite && (
        <Form action={testSlackAction} customerId={customerId} hidden={{ config_id }} className="flex flex-col gap-2">
          <SubmitButton variant="plain" pending="Sending…">
            Send test message
          </SubmitButton>
        </Form>
      )}
    </Card>
  );
}
