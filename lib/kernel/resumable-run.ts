/** Long work over many parts, on record beside the jobs' runs: cut off in the middle, the next call goes on. */
import { and, eq, sql } from 'drizzle-orm';
import { lockJob } from '@/lib/kernel/jobs';
import { jobRuns } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { newId } from '@/lib/platform/ids';
import { log } from '@/lib/platform/log';

/** After this time the parts done may have changed again: the work begins anew. */
const resumedWithinMs = 24 * 3_600_000;

export type ResumableRun = {
  /** Parts that a call cut off before this one has done; empty for a new run. */
  done: ReadonlySet<string>;
  /** Notes a part as done; written together with others, so that a kill may forget the last moment's. */
  markDone: (part: string) => void;
  /** Ends the record with what was found; `failed` where something of it was not done. */
  finish: (outcome: 'ok' | 'failed', report: Record<string, unknown>) => Promise<void>;
  /** Lets go with the record open, so that the next call resumes it. */
  leave: () => Promise<void>;
};

type Asked = {
  /** `<noun>.<verb>`. */
  name: string;
  /** Of what is to be done: a run of another version is not resumed. */
  version: string;
  startedBy: string;
};
type Progress = { version: string; done: string[] };

/** The run a call before this one left open, if this one may go on with it; closes one that it may not. */
async function openRun({ name, version }: Asked): Promise<{ jobRunId: string; done: string[] } | null> {
  // We hold the lock, so a run still marked as running belongs to a process that is gone.
  const running = and(eq(jobRuns.job, name), eq(jobRuns.outcome, 'running'));
  const [found] = await db().select().from(jobRuns).where(running);
  if (!found) return null;
  const { version: of, done } = found.report as Progress;
  if (of === version && Date.now() - found.startedAt.getTime() < resumedWithinMs)
    return { jobRunId: found.jobRunId, done };
  const error = 'It was cut off, and is too old or of another version to go on with.';
  await db().update(jobRuns).set({ outcome: 'failed', finishedAt: new Date(), error }).where(running);
  return null;
}

async function newRun({ name, version, startedBy }: Asked): Promise<{ jobRunId: string; done: string[] }> {
  const jobRunId = newId('jrun');
  const report: Progress = { version, done: [] };
  const startedAt = new Date();
  await db().insert(jobRuns).values({ jobRunId, job: name, outcome: 'running', startedBy, startedAt, report });
  return { jobRunId, done: [] };
}

/** Writes what was noted since the last write, one write at a time. A failed one is logged: the parts are only done again. */
function progressWriter(jobRunId: string) {
  let noted: string[] = [];
  let writing: Promise<void> | null = null;
  const write = async () => {
    while (noted.length > 0) {
      const parts = JSON.stringify(noted);
      noted = [];
      const report = sql`jsonb_set(report, '{done}', (report->'done') || ${parts}::jsonb)`;
      await db()
        .update(jobRuns)
        .set({ report })
        .where(eq(jobRuns.jobRunId, jobRunId))
        .catch(error => log().warn({ err: error, jobRunId }, 'progress was not written down'));
    }
    writing = null;
  };
  return {
    note: (part: string) => {
      noted.push(part);
      writing ??= write();
    },
    settled: async () => {
      await writing;
    },
  };
}

/**
 * Begins the work, or goes on with what a call of the same version within a day was cut off from. Whoever opens it must
 * finish or leave it. Throws AppError conflict while another call of this name works.
 */
export async function openResumableRun(asked: Asked): Promise<ResumableRun> {
  const lock = await lockJob(asked.name);
  if (!lock) throw new AppError('conflict', `Another ${asked.name} is under way.`);
  try {
    const { jobRunId, done } = (await openRun(asked)) ?? (await newRun(asked));
    const progress = progressWriter(jobRunId);
    const leave = async () => {
      await progress.settled();
      await lock.release();
    };
    return {
      done: new Set(done),
      markDone: progress.note,
      finish: async (outcome, report) => {
        await progress.settled();
        const error = outcome === 'failed' ? 'Not everything was done; the report says what.' : null;
        const end = { outcome, report, error, finishedAt: new Date() };
        await db().update(jobRuns).set(end).where(eq(jobRuns.jobRunId, jobRunId));
        await leave();
      },
      leave,
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
