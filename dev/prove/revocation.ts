/** Proof that a revoked key is refused from the answer of its revocation on, with checks in flight all the while. */
import { Agent } from 'node:http';
import { createCustomers, createVerifier } from '@/dev/bench/fixtures';
import { type Answered, shoot } from '@/dev/prove/burst';
import { check, say } from '@/dev/prove/report';
import { revokeKey } from '@/lib/domains/keys/commands';
import { lookUpKey } from '@/lib/domains/keys/verify';
import { systemCtx } from '@/lib/kernel/ctx';

const isValid = (answer: Answered): boolean => (JSON.parse(answer.body) as { valid?: boolean }).valid === true;

/** Keeps `inFlight` checks of one key running over the data planes and revokes it in the middle. */
export async function revokedInFlight(planes: string[], inFlight: number): Promise<void> {
  const [customer] = await createCustomers(1);
  const verifier = await createVerifier();
  if (!customer) throw new Error('no customer');
  const found = await lookUpKey(customer.key);
  if (!found.valid) throw new Error('the new key is not valid');
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const answers: Answered[] = [];
  let stop = false;
  const caller = async (index: number) => {
    while (!stop)
      answers.push(
        await shoot(agent, {
          url: `${planes[index % planes.length]}/v1/keys/verify`,
          key: verifier,
          body: { key: customer.key },
        }),
      );
  };
  const callers = Array.from({ length: inFlight }, (_, index) => caller(index));
  await new Promise(resolve => setTimeout(resolve, 2_000));
  await revokeKey(systemCtx('prove', customer), { api_key_id: found.holder.keyId });
  const revokedAt = performance.now();
  await new Promise(resolve => setTimeout(resolve, 2_000));
  stop = true;
  await Promise.all(callers);
  agent.destroy();
  const before = answers.filter(answer => answer.sentAt < revokedAt);
  const after = answers.filter(answer => answer.sentAt >= revokedAt);
  const late = before.filter(answer => answer.answeredAt > revokedAt && isValid(answer));
  say(
    `${before.filter(isValid).length} checks valid before; ${after.length} sent after the revocation's answer, ${after.filter(isValid).length} of them valid`,
  );
  say(`${late.length} checks that were already on their way were answered valid after it; none was sent later`);
  check(after.length > 0 && after.filter(isValid).length === 0, 'no check sent after the answer is valid');
}
