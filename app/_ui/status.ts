/** Every status the interface shows: icon, word and tone. No page makes up its own. */
import type { IconName } from '@/app/_ui/icon';

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'neutral';

type Look = { icon: IconName; word: string; tone: Tone };

export const statuses = {
  // Runs, steps and checks
  succeeded: { icon: 'circle-check', word: 'Succeeded', tone: 'ok' },
  running: { icon: 'loader-circle', word: 'Running', tone: 'info' },
  queued: { icon: 'clock', word: 'Queued', tone: 'neutral' },
  failed: { icon: 'circle-x', word: 'Failed', tone: 'bad' },
  cancelled: { icon: 'circle-slash', word: 'Cancelled', tone: 'neutral' },
  skipped: { icon: 'circle-minus', word: 'Skipped', tone: 'neutral' },
  blocked: { icon: 'octagon-x', word: 'Blocked by quota', tone: 'bad' },
  passed: { icon: 'circle-check', word: 'Passed', tone: 'ok' },
  warning: { icon: 'triangle-alert', word: 'Warning', tone: 'warn' },
  unknown: { icon: 'circle-question-mark', word: 'Unknown', tone: 'neutral' },
  // Keys and members
  active: { icon: 'circle-check', word: 'Active', tone: 'ok' },
  expires_soon: { icon: 'hourglass', word: 'Expires soon', tone: 'warn' },
  expired: { icon: 'circle-x', word: 'Expired', tone: 'bad' },
  revoked: { icon: 'ban', word: 'Revoked', tone: 'neutral' },
  invited: { icon: 'mail', word: 'Invited', tone: 'info' },
  removed: { icon: 'circle-minus', word: 'Removed', tone: 'neutral' },
  suspended: { icon: 'ban', word: 'Suspended', tone: 'bad' },
  // Credentials, providers and switches
  healthy: { icon: 'circle-check', word: 'Healthy', tone: 'ok' },
  failing: { icon: 'circle-x', word: 'Failing', tone: 'bad' },
  never_tested: { icon: 'circle-question-mark', word: 'Never tested', tone: 'neutral' },
  on: { icon: 'circle-check', word: 'On', tone: 'ok' },
  off: { icon: 'circle-minus', word: 'Off', tone: 'neutral' },
  // Billing
  trial: { icon: 'clock', word: 'Trial', tone: 'info' },
  past_due: { icon: 'triangle-alert', word: 'Past due', tone: 'warn' },
  paid: { icon: 'circle-check', word: 'Paid', tone: 'ok' },
  open: { icon: 'clock', word: 'Open', tone: 'info' },
  void: { icon: 'circle-slash', word: 'Void', tone: 'neutral' },
  // Events and their rows
  accepted: { icon: 'circle-check', word: 'Accepted', tone: 'ok' },
  changed: { icon: 'pencil', word: 'Changed', tone: 'info' },
  discarded: { icon: 'triangle-alert', word: 'Discarded', tone: 'warn' },
  event_refused: { icon: 'ban', word: 'Refused', tone: 'bad' },
  duplicate: { icon: 'copy', word: 'Duplicate', tone: 'neutral' },
  loaded: { icon: 'circle-check', word: 'Loaded', tone: 'ok' },
  waiting: { icon: 'clock', word: 'Waiting', tone: 'neutral' },
  not_loaded: { icon: 'circle-x', word: 'Not loaded', tone: 'bad' },
  waits_for_first: { icon: 'clock', word: 'No events yet', tone: 'neutral' },
  // Repositories
  reading: { icon: 'loader-circle', word: 'Reading', tone: 'info' },
  up_to_date: { icon: 'circle-check', word: 'Up to date', tone: 'ok' },
  paused: { icon: 'clock', word: 'Waiting for GitHub', tone: 'warn' },
  disconnected: { icon: 'circle-minus', word: 'Disconnected', tone: 'neutral' },
  // Pull requests, their commits and people
  merged: { icon: 'git-merge', word: 'Merged', tone: 'ok' },
  pull_open: { icon: 'git-pull-request', word: 'Open', tone: 'info' },
  draft: { icon: 'git-pull-request', word: 'Draft', tone: 'neutral' },
  pull_closed: { icon: 'circle-slash', word: 'Closed', tone: 'neutral' },
  ai_session: { icon: 'sparkles', word: 'AI session', tone: 'info' },
  commit: { icon: 'git-commit-horizontal', word: 'Commit', tone: 'neutral' },
  commit_dropped: { icon: 'circle-slash', word: 'Dropped commit', tone: 'warn' },
  confirmed: { icon: 'circle-check', word: 'Confirmed', tone: 'ok' },
  same_name: { icon: 'circle-check', word: 'Same name', tone: 'ok' },
  suggested: { icon: 'mail', word: 'Suggested', tone: 'info' },
  several: { icon: 'triangle-alert', word: 'Several accounts', tone: 'warn' },
  unmatched: { icon: 'circle-question-mark', word: 'Unmatched', tone: 'warn' },
  rejected: { icon: 'ban', word: 'Not this person', tone: 'neutral' },
  // Events of agents
  message: { icon: 'mail', word: 'Message', tone: 'neutral' },
  no_end: { icon: 'circle-question-mark', word: 'No end was reported', tone: 'warn' },
  agent_error: { icon: 'circle-x', word: 'Error', tone: 'bad' },
  erasing: { icon: 'clock', word: 'Waiting', tone: 'info' },
  erased: { icon: 'circle-check', word: 'Erased', tone: 'ok' },
  // Audit log
  refused: { icon: 'ban', word: 'Refused', tone: 'warn' },
  // Jobs of the service
  late: { icon: 'triangle-alert', word: 'Late', tone: 'warn' },
} as const satisfies Record<string, Look>;

export type Status = keyof typeof statuses;

/** Icon of a tone where no status applies (notices). */
export const toneIcons: Record<Tone, IconName> = {
  ok: 'circle-check',
  warn: 'triangle-alert',
  bad: 'circle-x',
  info: 'info',
  neutral: 'info',
};
