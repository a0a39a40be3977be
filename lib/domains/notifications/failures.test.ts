import { describe, expect, onTestFinished, test } from 'vitest';
import { badMailService, type MailAnswerPlan, mailsTo, resendError } from '@/dev/testing/inbox';
import { changeRole, later, rowOf, sendAt, start } from '@/dev/testing/messages';
import { createWorld } from '@/dev/testing/world';
import { mailChannel } from '@/lib/domains/notifications/channels';
import { listNotifications, retryNotification } from '@/lib/domains/notifications/outbox';
import { backoffMs, maxAttempts } from '@/lib/domains/notifications/rules';
import { randomText } from '@/lib/platform/ids';

async function failing(...plans: MailAnswerPlan[]) {
  const bad = await badMailService(...plans);
  onTestFinished(bad.close);
  return { ...bad, channel: mailChannel(bad.service) };
}

describe('when the mail service fails', () => {
  test('attempts follow after 1 min, 5 min, 30 min, 2 h and 12 h, then it is given up, listed, and sent on a retry', async () => {
    const world = await createWorld();
    const email = `later-${randomText(8)}@example.com`;
    await changeRole(world, email);
    const { channel, requests } = await failing({ status: 500, body: { message: 'down' } });
    let at = start;
    for (const wait of backoffMs) {
      expect(await sendAt(world, at, channel)).toMatchObject({ later: 1 });
      expect(await sendAt(world, new Date(at.getTime() + wait - 1), channel)).toMatchObject({ later: 0 });
      at = new Date(at.getTime() + wait);
      expect((await rowOf(world, email)).nextAttemptAt).toEqual(at);
    }
    expect(await sendAt(world, at, channel)).toMatchObject({ failed: 1 });
    expect(requests).toHaveLength(maxAttempts);
    expect(new Set(requests.map(request => request.headers['idempotency-key'])).size).toBe(1);
    expect(new Set(requests.map(request => request.body)).size).toBe(1);
    const [failed] = await listNotifications({ status: 'failed', customerId: world.customerId, limit: 5 });
    expect(failed).toMatchObject({ recipient: email, attempts: maxAttempts, event: 'role_changed' });
    expect(failed).not.toHaveProperty('data');

    const then = later(86_400_000);
    await retryNotification({ ...world.system, clock: () => then }, { notification_id: failed?.notificationId });
    expect(await sendAt(world, then)).toMatchObject({ sent: 1 });
    expect(await mailsTo(email)).toHaveLength(1);
    const again = retryNotification(world.system, { notification_id: failed?.notificationId });
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
  });

  test.each<[name: string, plan: MailAnswerPlan, status: string, attempts: number]>([
    ['a refused address is given up at once', resendError(422, 'validation_error'), 'failed', 1],
    ['a wrong key is the operator’s to mend and tried again', resendError(403, 'invalid_api_key'), 'queued', 1],
    ['a wrong sender too', resendError(422, 'invalid_from_address'), 'queued', 1],
    [
      'asked to slow down: no attempt is used up',
      { ...resendError(429, 'rate_limit_exceeded'), headers: { 'retry-after': '7' } },
      'queued',
      0,
    ],
    ['the same mail is under way elsewhere', resendError(409, 'concurrent_idempotent_requests'), 'queued', 0],
    ['accepted earlier with other words', resendError(409, 'invalid_idempotent_request'), 'sent', 1],
    ['an answer that is no JSON', { status: 502 }, 'queued', 1],
    ['an answer of null', { status: 400, body: null }, 'queued', 1],
    ['no answer in time', 'silence', 'queued', 1],
  ])('%s', async (_name, plan, status, attempts) => {
    const world = await createWorld();
    const email = `bad-${randomText(8)}@example.com`;
    await changeRole(world, email);
    const { channel, requests } = await failing(plan);
    await sendAt(world, start, channel);
    expect(requests).toHaveLength(1);
    const row = await rowOf(world, email);
    expect(row).toMatchObject({ status, attempts });
    if (status === 'queued' && attempts === 1) expect(row.nextAttemptAt).toEqual(later(backoffMs[0]));
    if (typeof plan === 'object' && plan.headers) expect(row.nextAttemptAt).toEqual(later(7_000));
  });
});
