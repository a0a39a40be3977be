/** When a config runs: in words, and the next five times by the clock of its zone. */
import { Card } from '@/app/_ui/card';
import { formatInstant, formatZoned } from '@/app/_ui/format';
import { Icon } from '@/app/_ui/icon';
import { backOffOf, scheduleOf, upcomingOf } from '@/app/(portal)/providers/_parts/config-state';
import type { ConfigView } from '@/lib/domains/providers/view';

const timesShown = 5;

export function ScheduleCard({ config, now }: { config: ConfigView; now: Date }) {
  const words = scheduleOf(config);
  const backOff = backOffOf(config, now);
  if (!words)
    return (
      <Card title="Schedule">
        <p className="text-muted">It does not run by itself; Run now and workers start it.</p>
      </Card>
    );
  const times = upcomingOf(config, now, timesShown);
  return (
    <Card title="Schedule" note={<code>{config.schedule_cron}</code>}>
      <p>{words}</p>
      {backOff && (
        <p className="flex items-start gap-2 text-warn">
          <Icon name="hourglass" className="mt-0.5" />
          {backOff}
        </p>
      )}
      {times.length > 0 ? (
        <>
          <h3 className="font-medium">Next times</h3>
          <ol className="flex flex-col gap-1 text-table tabular-nums">
            {times.map(time => (
              <li key={time.getTime()} className="grid gap-x-4 sm:grid-cols-[12rem_1fr]">
                <time dateTime={time.toISOString()}>{formatZoned(time, config.schedule_timezone)}</time>
                {config.schedule_timezone !== 'UTC' && <span className="text-muted">{formatInstant(time)}</span>}
              </li>
            ))}
          </ol>
        </>
      ) : (
        <p className="text-muted">None while it is off.</p>
      )}
    </Card>
  );
}
