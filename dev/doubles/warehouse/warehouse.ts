/**
 * A BigQuery that takes MERGE jobs over its REST API, lets them take as long as the service's do, and holds their sender
 * to the service's limits. It keeps no rows: what it is for is time, limits and costs.
 */
import { ServiceLimits } from '@/dev/doubles/warehouse/service-limits';

export type WarehouseOptions = {
  now: () => number;
  sleep: (waitMs: number) => Promise<void>;
  /** What a statement takes, in ms. */
  durationMs: () => number;
  /** What a statement into this table reads, in bytes. */
  bytesOf: (table: string) => number;
};

export type Answer = { status: number; json: object };

type Job = { jobId: string; query: string; state: 'RUNNING' | 'DONE'; done: Promise<void>; bytes: number };

/** Ended jobs that are still known; older ones are forgotten. */
const keptJobs = 5_000;
/** The service takes at most so long for the answer to a request for results, whatever was asked. */
const longestPollMs = 10_000;

const refusal = (status: number, reason: string, message: string): Answer => ({
  status,
  json: { error: { code: status, message, errors: [{ reason, message }] } },
});

export class Warehouse {
  readonly limits: ServiceLimits;
  readonly #jobs = new Map<string, Job>();

  constructor(private readonly options: WarehouseOptions) {
    this.limits = new ServiceLimits(options.now);
  }

  /** A triangular distribution from 2 to 5 s with its top at 2 s: 3 s on average, 4.3 s at the 95th percentile. */
  static readonly serviceMs = (random: () => number = Math.random): number => 5_000 - 3_000 * Math.sqrt(1 - random());

  /** Answers a request below /projects/<project>. */
  async answer(method: string, path: string, body?: unknown): Promise<Answer> {
    const limit = this.limits.request();
    if (limit) return refusal(403, 'rateLimitExceeded', limit);
    if (method === 'POST' && path === '/jobs') return this.#insert(body as JobRequest);
    const [, kind, jobId] = /^\/(jobs|queries)\/([^/?]+)$/.exec(path) ?? [];
    const job = this.#jobs.get(jobId ?? '');
    if (!job) return refusal(404, 'notFound', `no job ${jobId}`);
    return kind === 'queries' ? this.#results(job) : { status: 200, json: jobAnswer(job) };
  }

  async #insert({ jobReference, configuration }: JobRequest): Promise<Answer> {
    const { jobId } = jobReference;
    if (this.#jobs.has(jobId)) return refusal(409, 'duplicate', `Already Exists: Job ${jobId}`);
    const { query } = configuration.query;
    const job: Job = { jobId, query, state: 'RUNNING', done: Promise.resolve(), bytes: 0 };
    const [, table] = /^MERGE `([^`]+)`/.exec(query) ?? [];
    if (table) {
      const entered = this.limits.enter(table);
      job.done = this.#run(job, table, entered);
      const refused = await Promise.race([entered, Promise.resolve(null)]);
      if (refused) return refusal(400, 'jobRateLimitExceeded', refused);
    } else job.state = 'DONE';
    this.#jobs.set(jobId, job);
    if (this.#jobs.size > keptJobs) {
      const [oldest] = this.#jobs;
      if (oldest && oldest[1].state === 'DONE') this.#jobs.delete(oldest[0]);
    }
    return { status: 200, json: jobAnswer(job) };
  }

  async #run(job: Job, table: string, entered: Promise<string | null>): Promise<void> {
    if (await entered) return;
    await this.options.sleep(this.options.durationMs());
    job.bytes = this.options.bytesOf(table);
    this.limits.leave(table, job.bytes);
    job.state = 'DONE';
  }

  async #results(job: Job): Promise<Answer> {
    if (job.state !== 'DONE') await Promise.race([job.done, this.options.sleep(longestPollMs)]);
    const jobComplete = job.state === 'DONE';
    return { status: 200, json: { jobComplete, totalBytesProcessed: String(job.bytes), numDmlAffectedRows: '1' } };
  }
}

type JobRequest = { jobReference: { jobId: string }; configuration: { query: { query: string } } };

const jobAnswer = ({ jobId, query, state, bytes }: Job) => ({
  jobReference: { jobId },
  configuration: { query: { query } },
  status: { state },
  ...(state === 'DONE'
    ? { statistics: { query: { totalBytesBilled: String(Math.max(10 * 1024 ** 2, bytes)), numDmlAffectedRows: '1' } } }
    : {}),
});
