/** Rules of runs: which state follows which, how much is reported until when, and which errors are of one kind. */
import { createHash } from 'node:crypto';
import type { RunStatus, stepStatuses } from '@/lib/domains/runs/tables';

export type StepStatus = (typeof stepStatuses)[number];

/** Most steps a run keeps, and most data-quality results; an execution of a step counts once however often it is updated. */
export const maxReportsPerRun = 10_000;

/** Most runs of one customer that wait. */
export const maxPendingRuns = 500;

/** How long after a run's end its steps and checks are still taken: workers send them late, but not for ever. */
export const reportGraceHours = 24;
const hourMs = 3_600_000;

/** Last instant at which reports of a run are taken; null while it runs. */
export const reportsUntil = (endTime: Date | null): Date | null =>
  endTime && new Date(endTime.getTime() + reportGraceHours * hourMs);

/**
 * What a step that was last reported in a state may be reported as. The same again is a repeat of the report; a step that
 * has ended stays so, because another try is another execution with an id of its own.
 */
export const stepTransitions: Record<StepStatus, readonly StepStatus[]> = {
  PENDING: ['PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'SKIPPED'],
  RUNNING: ['RUNNING', 'COMPLETED', 'FAILED', 'SKIPPED'],
  COMPLETED: ['COMPLETED'],
  FAILED: ['FAILED'],
  SKIPPED: ['SKIPPED'],
};

/** Whether a step may go from one state to the other. */
export const mayFollow = (before: StepStatus, after: StepStatus): boolean => stepTransitions[before].includes(after);

/**
 * What a run in a state may become: a claim starts one that waits, whoever asked for it may give it up, and what has ended stays.
 * The same again is a repeat of the call. Source: docs/architecture.md, Quota.
 */
export const runTransitions: Record<RunStatus, readonly RunStatus[]> = {
  PENDING: ['PENDING', 'RUNNING', 'CANCELLED'],
  RUNNING: ['RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'],
  COMPLETED: ['COMPLETED'],
  FAILED: ['FAILED'],
  CANCELLED: ['CANCELLED'],
};

/** Whether nothing follows the state any more; until then the run waits or goes on. */
export const hasEnded = ({ status }: { status: RunStatus }): boolean =>
  runTransitions[status].every(next => next === status);

/** Whether a run may go from one state to the other. */
export const runMayBecome = (before: RunStatus, after: RunStatus): boolean => runTransitions[before].includes(after);

/** Signs that a pattern keeps, and that of a message are looked at. */
const maxPattern = 300;
const maxLookedAt = 2_000;

/** The line that says what went wrong: a Python traceback's last, else the first, with the next where it only opens. */
function tellingLine(message: string): string {
  const lines = message
    .replaceAll(/\[\d{1,2}(?:;\d{1,2}){0,4}m/g, colour => (message.includes(`\u001b${colour}`) ? '' : colour))
    .replaceAll('\u001b', '')
    .split(/\r?\n/)
    .filter(line => line.trim() !== '');
  const [first = '', second = ''] = lines;
  if (first.startsWith('Traceback (most recent call last)')) {
    return lines.findLast(line => /^[A-Za-z_]/.test(line)) ?? first;
  }
  const opens = /:\s*$/.test(first) || first.trim().split(/\s+/).length < 3;
  return opens ? `${first.trim()} ${second.trim()}` : first;
}

const digitsIn = (text: string): number => text.replace(/\D/g, '').length;

/** What differs from run to run, in the order in which it is cut. */
const variable: [RegExp, string | ((found: string) => string)][] = [
  [/(?<!\w)'[^']*'(?!\w)|"[^"]*"|`[^`]*`/g, '<value>'],
  [/\b[a-z][a-z\d+.-]{1,20}:\/\/[^\s<>()[\]]+/gi, '<url>'],
  [/[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+/g, '<email>'],
  [/\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b|\b0x[\da-f]+\b/gi, '<id>'],
  [/\b\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?(?: ?(?:Z\b|UTC\b|[+-]\d\d:?\d\d\b))?/g, '<time>'],
  [/\b\d{1,2}:\d\d:\d\d(?:[.,]\d+)?/g, '<time>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b|\[?\b[\da-f]{0,4}(?::[\da-f]{0,4}){3,7}\]?(?::\d+)?/gi, '<address>'],
  [/\b[\w-]{1,63}(?:\.[\w-]{1,63})+:\d{2,5}\b|\blocalhost:\d+/g, '<address>'],
  // A table as BigQuery names it: project:dataset.table.
  [/\b[a-z][\w-]{1,62}:\w{1,200}(?:\.[\w$-]{1,200})?(?=[\s,;.)]|$)/g, '<path>'],
  [/(?<![\w<>/.])(?:[A-Za-z]:\\|~\/|\.{0,2}\/)[^\s:,;()<>]+/g, '<path>'],
  [/(?<![\w<>/.-])[\w.-]{1,200}(?:(?:\/[\w.-]{1,200}){2,20}|\/[\w.-]{0,200}\.[a-z]\w{0,4}\b)/g, '<path>'],
  [/\b(?:[\da-f]{8,}|[\w-]{12,})\b/gi, found => (digitsIn(found) >= 3 && /[a-z]/i.test(found) ? '<id>' : found)],
  [/(?<![A-Za-z<]\d{0,9})\d+(?:[.,:]\d+)*/g, '<n>'],
];

/** Numbers that say which error it is, and so stay: a status of HTTP, a code of exit or error. */
const tellingNumber =
  /\b(?:HTTP(?:\/\d(?:\.\d)?)?|[Ss]tatus(?: code)?|[Cc]ode|[Ee]rrno)[ :=]{1,2}\d{1,3}\b|\b[45]\d\d(?= [A-Z])/g;

/**
 * An error message without what differs from run to run (ids, numbers, times, addresses, paths, quoted values), at most
 * 300 signs; equal for errors of one kind. A failed run without a message has a pattern too.
 * Source: docs/spec/requirements.md, C-59.
 */
export function errorPattern(message: string | null): string {
  if (message === null || message.trim() === '') return 'failed without a message';
  const line = tellingLine(message.slice(0, 200 * maxPattern)).slice(0, maxLookedAt);
  const kept: string[] = [];
  // Told numbers stand aside as a sign that no rule touches.
  let text = line.replace(tellingNumber, found => `\uE000${kept.push(found) && '\uE001'}`);
  for (const [pattern, by] of variable)
    text = typeof by === 'string' ? text.replace(pattern, by) : text.replace(pattern, by);
  text = text
    .replace(/\uE000\uE001/g, () => kept.shift() ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  return [...text].slice(0, maxPattern).join('');
}

/** 16 hexadecimal digits that name a pattern. */
export const errorFingerprint = (pattern: string): string =>
  createHash('sha256').update(pattern).digest('hex').slice(0, 16);
