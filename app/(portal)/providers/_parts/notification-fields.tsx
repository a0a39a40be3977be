/** Whom a config's messages reach beside the members: addresses and a Slack channel. */
import { CheckField, TextArea, TextField } from '@/app/_ui/field';
import { formatDate } from '@/app/_ui/format';
import type { ConfigView } from '@/lib/domains/providers/view';

export function NotificationFields({ config }: { config?: ConfigView }) {
  const slackSet = config?.slack_set_at;
  return (
    <>
      <CheckField
        name="notification_enabled"
        label="Send messages of this provider"
        defaultChecked={config?.notification_enabled ?? true}
      />
      <TextArea
        name="notification_emails"
        label="E-mail addresses"
        optional
        rows={3}
        spellCheck={false}
        defaultValue={config?.notification_emails.join('\n')}
        help="One a line."
      />
      <TextField
        name="slack_webhook_url"
        type="password"
        label="Slack webhook"
        optional
        autoComplete="off"
        spellCheck={false}
        help={
          slackSet
            ? `Set on ${formatDate(slackSet)} and kept as it is while this is empty. It is sealed and not shown again.`
            : 'The address that Slack shows for an incoming webhook. It is sealed and not shown again.'
        }
      />
      {slackSet && <CheckField name="slack_remove" label="Remove the stored webhook" />}
    </>
  );
}
