/** Limits and times of lineage. Source: docs/lineage.md. */

/** A request as it is sent and unpacked, one event, and events of a batch. */
export const lineageSizes = { bodyBytes: 5_000_000, plainBytes: 20_000_000, eventBytes: 1_000_000, events: 1_000 };

/** Steps of one run; an event of another step is answered by "later", or kept as late where it was taken already. */
export const mostSteps = 10_000;

/** How long a run without a START of its own, or a step without one, may wait for it. */
export const settleSeconds = 60;
/** How long an observed run may be silent: orchestrators send no heartbeats. */
export const silenceHours = 24;
/** How long a run whose root never reported goes on after its last event. */
export const unreportedMinutes = 5;
/** The first event of a run may be so old. */
export const oldestDays = 31;

/** Why an event was not applied. */
export const lateReasons = {
  before_window: 'Its time lies before the window of the run.',
  after_window: 'Its time lies after the window of the run.',
  ahead: 'Its time is more than a day ahead of our clock.',
  run_over: 'The run ended more than 24 hours before it arrived.',
  too_old: 'It is the first event of a run of more than 31 days ago.',
  too_many_steps: 'The run had as many steps as are kept of one run.',
  not_started: 'The run waits for its worker and has not started.',
} as const;
export type LateReason = keyof typeof lateReasons;

/** How long events stay once they are applied, and what is known of runs and jobs: longer than events of them may come. */
export const appliedKeptDays = 1;
export const lineageKeptDays = 35;
