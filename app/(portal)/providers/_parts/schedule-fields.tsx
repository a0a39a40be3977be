/** When a config runs: a cron expression in a time zone. */
import { CheckField, TextField } from '@/app/_ui/field';
import { minIntervalMinutes } from '@/lib/domains/providers/rules';
import type { ConfigView } from '@/lib/domains/providers/view';

const samples: [cron: string, words: string][] = [
  ['0 2 * * *', 'daily at 02:00'],
  ['30 6 * * 1-5', 'on weekdays at 06:30'],
  ['0 */4 * * *', 'every 4 hours'],
];

export function ScheduleFields({ config }: { config?: ConfigView }) {
  return (
    <>
      <CheckField
        name="schedule_enabled"
        label="Runs by itself"
        defaultChecked={config?.schedule_enabled ?? false}
        help="A worker that claims runs starts them. Each counts as a run of the plan."
      />
      <TextField
        name="schedule_cron"
        label="Schedule"
        optional
        defaultValue={config?.schedule_cron ?? ''}
        placeholder="0 2 * * *"
        maxLength={120}
        autoComplete="off"
        spellCheck={false}
        help={
          <>
            Minute, hour, day, month, weekday; no more often than every {minIntervalMinutes} minutes.
            {samples.map(([cron, words]) => (
              <span key={cron} className="block">
                <code>{cron}</code> {words}
              </span>
            ))}
          </>
        }
      />
      <TextField
        name="schedule_timezone"
        label="Time zone"
        list="time-zones"
        defaultValue={config?.schedule_timezone ?? 'UTC'}
        maxLength={64}
        required
        autoComplete="off"
        spellCheck={false}
        help="The times follow its clock, through summer time too."
      />
      <datalist id="time-zones">
        {['UTC', ...Intl.supportedValuesOf('timeZone')].map(zone => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}
