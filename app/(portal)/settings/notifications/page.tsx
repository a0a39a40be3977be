/** Settings → Notifications: which events reach this person by mail, and which always do. */
import { type Column, DataTable } from '@/app/_ui/data-table';
import { Form } from '@/app/_ui/form';
import { SubmitButton } from '@/app/_ui/submit-button';
import { SettingsFrame, settingsTitle } from '@/app/(portal)/settings/_parts/settings-frame';
import { setPreferencesAction } from '@/app/(portal)/settings/notifications/actions';
import { EventChoice } from '@/app/(portal)/settings/notifications/event-choice';
import { fixedEventsOf } from '@/lib/domains/notifications/event-rules';
import { type EventName, events } from '@/lib/domains/notifications/events';
import { type Preference, readPreferences } from '@/lib/domains/notifications/preferences';
import { requireMember } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';
import type { Role } from '@/lib/kernel/permissions';

export const generateMetadata = () => settingsTitle('notifications');

/** A row of the table; `mail` is null for what is always sent. */
type Row = { event: EventName; mail: boolean | null; first: boolean };

const rowsOf = (preferences: Preference[], role: Role): Row[] => [
  ...preferences.map(({ event, mail }, index) => ({ event, mail, first: index === 0 })),
  ...fixedEventsOf(role).map(event => ({ event, mail: null, first: false })),
];

function About({ event }: { event: EventName }) {
  const about = events[event];
  return (
    <span className="block max-w-prose py-1">
      {about.title}
      <span className="block font-normal text-muted">
        {about.description}
        {'fixedBecause' in about && ` ${about.fixedBecause}`}
      </span>
    </span>
  );
}

const columns: readonly Column<Row>[] = [
  { id: 'event', head: 'Message', priority: 'name', cell: row => <About event={row.event} /> },
  {
    id: 'mail',
    head: 'Mail',
    cell: ({ event, mail, first }) =>
      mail === null ? (
        <span className="whitespace-nowrap">Always on</span>
      ) : (
        <EventChoice channel="mail" event={event} label={`${events[event].title} by mail`} on={mail} first={first} />
      ),
  },
];

export default async function NotificationsPage() {
  const visitor = await requireMember();
  const { session, membership } = visitor;
  const preferences = await readPreferences(requireCustomer(visitor.ctx));
  return (
    <SettingsFrame
      visitor={visitor}
      current="notifications"
      sentence={`What Tenantry tells you about ${membership.companyName}. Mail goes to ${session.person.email}.`}
    >
      <Form action={setPreferencesAction} customerId={membership.customerId} labels={{ mail: 'Mail' }}>
        <DataTable
          caption="Messages by channel"
          columns={columns}
          rows={rowsOf(preferences, membership.role)}
          rowKey={row => row.event}
          empty={null}
        />
        <p className="text-muted">
          Your choice holds for this organization only. Messages about your own access cannot be turned off.
        </p>
        <div>
          <SubmitButton pending="Saving…">Save</SubmitButton>
        </div>
      </Form>
    </SettingsFrame>
  );
}
