/** Proof that bodies made to be slow do not hold up other callers: their p99 with ten such bodies a second beside it without. */
import { createCustomers, createVerifier } from '@/dev/bench/fixtures';
import { load } from '@/dev/bench/load';
import { check, say } from '@/dev/prove/report';

const perSecond = 10;
const seconds = 8;
const connections = 32;

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 0]));
const bodies = [many(95_000), { steps: [many(95_000)] }, Array(300_000).fill([])].map(body => JSON.stringify(body));

/** Sends them until told to stop, and answers how many of each status came back, and the largest answer. */
function sendHostile(url: string, key: string) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answers: Promise<{ status: number; bytes: number }>[] = [];
  const timer = setInterval(() => {
    const body = bodies[answers.length % bodies.length];
    const sent = fetch(url, { method: 'POST', headers, body });
    answers.push(sent.then(async answer => ({ status: answer.status, bytes: (await answer.text()).length })));
  }, 1_000 / perSecond);
  return async () => {
    clearInterval(timer);
    return Promise.all(answers);
  };
}

/** Checks of keys by 32 callers, without and with hostile bodies from one customer. */
export async function hostileBodies(plane: string): Promise<void> {
  const [customer] = await createCustomers(1);
  const verifier = await createVerifier();
  if (!customer) throw new Error('no customer');
  const request = {
    method: 'POST',
    path: '/v1/keys/verify',
    headers: { authorization: `Bearer ${verifier}`, 'content-type': 'application/json' },
    body: JSON.stringify({ key: customer.key }),
  };
  const calm = await load(plane, [request], { connections, seconds });
  const stop = sendHostile(`${plane}/v1/runs`, customer.key);
  const busy = await load(plane, [request], { connections, seconds });
  const answers = await stop();
  const largest = Math.max(...answers.map(answer => answer.bytes));
  say(
    `checks: ${Math.round(calm.perSecond)}/s, p99 ${calm.p99Ms} ms; beside ${answers.length} bodies of 1 MB: ${Math.round(busy.perSecond)}/s, p99 ${busy.p99Ms} ms`,
  );
  check(
    answers.every(answer => answer.status === 400 || answer.status === 413) && largest < 4_000,
    `each is refused by less than 4 kB (${largest} bytes)`,
  );
  check(busy.p99Ms < 2 * calm.p99Ms, 'the p99 of other callers stays below twice what it was');
}
