/** Words and addresses of the agent log. Pure. */
import { formatPercent } from '@/app/_ui/format';
import { fewCalls, retentionDays } from '@/lib/domains/agent-log/rules';
import { utcDay } from '@/lib/platform/clock';
import { formatBytes } from '@/lib/platform/words/format-bytes';

const nbsp = '\u00a0';

/** A session's page; `lastAt` says in which days its events are looked for. */
export const sessionHref = (id: string, lastAt: Date): string =>
  `/agent-log/session?${new URLSearchParams({ id, day: utcDay(lastAt) })}`;

/** "1.4 GiB"; a dash for none. */
export const bytesWords = (bytes: number): string => (bytes === 0 ? '–' : formatBytes(bytes));

export const toolWords = (name: string): string => name || 'No tool';

/** "3.1 %" of the calls that ended; a dash where none did. */
export const failureWords = ({ failures, ended }: { failures: number; ended: number }): string =>
  failures === 0 && ended > 0 ? `0${nbsp}%` : formatPercent(failures, ended, 1);

/** Whether so few calls were made that their figures say little. */
export const isFew = ({ calls }: { calls: number }): boolean => calls < fewCalls;

export const keptSays = `Events are deleted ${retentionDays} days after they happened; what proves that none was changed is kept two days longer. What a user said goes within minutes once the user is erased, the figures stay.`;
