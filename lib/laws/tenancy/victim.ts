/** Two customers: a victim with one of everything, and a stranger who must never see or change any of it. */
import { createKey } from '@/lib/domains/api-keys/commands';
import { completeRun } from '@/lib/domains/quotas/lease';
import { startRun } from '@/lib/domains/quotas/reserve';
import { relayDeps } from '@/lib/edge/mirrors';
import { flushOnce } from '@/lib/kernel/relay/relay';
import { randomText } from '@/lib/platform/ids';
import { createWorld, type World } from '@/lib/testing/world';

export type Victim = {
  world: World;
  keyId: string;
  keyText: string;
  runningId: string;
  /** Words that occur in the victim's data and nowhere else. */
  marks: string[];
};

/** Makes the victim and brings its rows to BigQuery. */
export async function createVictim(): Promise<Victim> {
  const tag = randomText(10);
  const world = await createWorld({ plan: 'PROFESSIONAL', companyName: `Victim ${tag}` });
  const { result } = await createKey(world.system, { name: `key-${tag}`, scopes: ['runs:write', 'runs:read'] });
  const input = {
    pipeline_id: `pipeline-${tag}`,
    trigger_type: 'api',
    trigger_by: `by-${tag}`,
    parameters: { note: `note-${tag}` },
  } as const;
  const ended = await startRun(world.system, input, {});
  await completeRun(world.system, ended.run.pipelineLoggingId, { status: 'FAILED', error_message: `error-${tag}` });
  const running = await startRun(world.system, input, {});
  await flushOnce(relayDeps(), { customers: [world.customerId], lockWaitMs: 20_000 });
  const { customerId, tenantDatasetId, members } = world;
  const people = Object.values(members).flatMap(member => [member.email, member.userId, member.memberId]);
  const ids = [
    customerId,
    tenantDatasetId,
    result.key.api_key_id,
    ended.run.pipelineLoggingId,
    running.run.pipelineLoggingId,
  ];
  return {
    world,
    keyId: result.key.api_key_id,
    keyText: result.secret.reveal(),
    runningId: running.run.pipelineLoggingId,
    marks: [tag, ...ids, ...people, result.secret.reveal()],
  };
}

/** The marks of the victim that occur in an answer; empty for a safe one. */
export const leaks = (victim: Victim, answer: unknown): string[] => {
  const text = typeof answer === 'string' ? answer : (JSON.stringify(answer) ?? '');
  return victim.marks.filter(mark => text.includes(mark));
};
