/** Gathers calls that arrive while a statement is under way into the next one: one commit for many callers. */
import { isDatabaseDown } from '@/lib/platform/errors';

type Waiting<Request, Answer> = {
  request: Request;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
};

export type BatchOptions<Request, Answer> = {
  maxSize: number;
  /** Batches under way at once. */
  maxInFlight: number;
  /** Answers in the order of the requests. */
  run: (requests: Request[]) => Promise<Answer[]>;
};

const singlesAtOnce = 4;

/**
 * A function that answers one request as part of a batch. If a batch fails for another reason than an unreachable
 * database, each member is tried alone, so that one bad request or one locked customer does not fail the others.
 */
export function createBatcher<Request, Answer>(options: BatchOptions<Request, Answer>) {
  const queue: Waiting<Request, Answer>[] = [];
  let inFlight = 0;
  let scheduled = false;

  async function send(batch: Waiting<Request, Answer>[]): Promise<void> {
    try {
      const answers = await options.run(batch.map(member => member.request));
      if (answers.length !== batch.length) throw new Error(`${answers.length} answers to ${batch.length} requests`);
      batch.forEach((member, index) => {
        member.resolve(answers[index] as Answer);
      });
    } catch (error) {
      if (batch.length === 1 || isDatabaseDown(error)) for (const member of batch) member.reject(error);
      else await sendSingly(batch);
    }
  }

  async function sendSingly(batch: Waiting<Request, Answer>[]): Promise<void> {
    const left = [...batch];
    const worker = async () => {
      for (let member = left.shift(); member; member = left.shift()) await send([member]);
    };
    await Promise.all(Array.from({ length: singlesAtOnce }, worker));
  }

  function start(): void {
    scheduled = false;
    while (queue.length > 0 && inFlight < options.maxInFlight) {
      inFlight += 1;
      void send(queue.splice(0, options.maxSize)).finally(() => {
        inFlight -= 1;
        start();
      });
    }
  }

  return (request: Request): Promise<Answer> =>
    new Promise((resolve, reject) => {
      queue.push({ request, resolve, reject });
      if (scheduled || inFlight >= options.maxInFlight) return;
      scheduled = true;
      // After this turn's I/O, so that requests which arrived together go together.
      setImmediate(start);
    });
}
