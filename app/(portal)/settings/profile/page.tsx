/** Settings → Profile: who one is to Tenantry, how times and colours are shown. */

import { cookies } from 'next/headers';
import { ChoiceGroup, TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { Link } from '@/app/_ui/link';
import { SideCard, WithSide } from '@/app/_ui/side-column';
import { SubmitButton } from '@/app/_ui/submit-button';
import { themeCookie, themes, themeWords, toTheme } from '@/app/_ui/theme';
import { showChecklistAction } from '@/app/(portal)/_overview/checklist-actions';
import { SettingsFrame, settingsTitle } from '@/app/(portal)/settings/_parts/settings-frame';
import { updateProfileAction } from '@/app/(portal)/settings/profile/actions';
import { requireMember } from '@/lib/edge/portal/page';

export const generateMetadata = () => settingsTitle('profile');

const timeOptions = [
  { value: 'relative', label: 'Relative', help: '“6 min ago” in lists, the exact time on detail pages.' },
  { value: 'exact', label: 'Exact, in UTC', help: 'The full instant everywhere.' },
  { value: 'local', label: 'Exact, local', help: 'The same by the clock of your time zone. Days and quotas stay UTC.' },
];

export default async function ProfilePage() {
  const visitor = await requireMember();
  const { person } = visitor.session;
  const theme = toTheme((await cookies()).get(themeCookie)?.value);
  return (
    <SettingsFrame visitor={visitor} current="profile" sentence="How Tenantry shows things to you.">
      <WithSide
        side={
          <SideCard
            title="What this changes"
            lines={[
              'Theme holds in this browser, times in all of them.',
              'Days, months and quotas are UTC for everybody, so that all see the same numbers.',
              'Point at a time to see it in your zone, in UTC and relative.',
              <>
                Which mails you get:{' '}
                <Link className="link" href="/settings/notifications">
                  Notifications
                </Link>
                .
              </>,
            ]}
          />
        }
      >
        <div className="flex max-w-form flex-col gap-6">
          <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
            <dt className="text-muted">Name</dt>
            <dd className="wrap-anywhere">{person.fullName ?? '–'}</dd>
            <dt className="text-muted">Email</dt>
            <dd className="wrap-anywhere">{person.email}</dd>
          </dl>
          <p className="text-muted">Name and email come from your Google account and are read again at each sign-in.</p>
          <Form
            action={updateProfileAction}
            customerId={visitor.membership.customerId}
            labels={{ theme: 'Theme', time_display: 'Times', time_zone: 'Time zone' }}
          >
            <ChoiceGroup
              type="radio"
              name="theme"
              label="Theme"
              help="Kept in this browser."
              options={themes.map(value => ({ value, label: themeWords[value] }))}
              defaultValues={[theme]}
            />
            <ChoiceGroup
              type="radio"
              name="time_display"
              label="Times"
              options={timeOptions}
              defaultValues={[person.timeDisplay]}
            />
            <TextField
              name="time_zone"
              label="Time zone"
              optional
              help="Whose clock local times follow. Left empty it is your browser’s."
              list="time-zones"
              defaultValue={person.timeZone ?? ''}
              placeholder="Browser’s zone"
              maxLength={64}
              autoComplete="off"
              spellCheck={false}
            />
            <datalist id="time-zones">
              {['UTC', ...Intl.supportedValuesOf('timeZone')].map(zone => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
            <div>
              <SubmitButton variant="primary" pending="Saving">
                Save
              </SubmitButton>
            </div>
          </Form>
          {person.checklistHidden && (
            <Form action={showChecklistAction} customerId={visitor.membership.customerId}>
              <p>The setup checklist of the Overview is hidden.</p>
              <div>
                <SubmitButton variant="plain" pending="Showing…">
                  Show the checklist again
                </SubmitButton>
              </div>
            </Form>
          )}
        </div>
      </WithSide>
    </SettingsFrame>
  );
}
