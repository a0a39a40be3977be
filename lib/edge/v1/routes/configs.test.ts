import { beforeAll, describe, expect, test } from 'vitest';
import { caller, customerKey, type Received, serviceKey, type TestKey, transports } from '@/dev/testing/data-plane';
import { insertConfig } from '@/dev/testing/providers/configs';
import { createWorld, type World } from '@/dev/testing/world';
import { createConfig, editConfig } from '@/lib/domains/providers/commands';

describe.each(transports)('over $name', transport => {
  let world: World;
  let key: TestKey;
  let ask: (path: string, headers?: Record<string, string>, text?: string) => Promise<Received>;
  beforeAll(async () => {
    const opened = await transport.open();
    const call = caller(opened.send);
    world = await createWorld({ plan: 'SCALE' });
    key = await customerKey(world, ['providers:read']);
    ask = (path, headers = {}, text = key.text) => call(path, { key: text, headers });
    return () => opened.close();
  });

  test('a worker that has the answer gets 304 without a body until a person changes something', async () => {
    const { result } = await createConfig(world.system, {
      name: 'Costs',
      provider: 'GCP',
      domain: 'COST',
      default_parameters: { region: 'eu' },
      slack_webhook_url: ['https://hooks.slack.com/services', 'T00000001', 'B00000001', 'b'.repeat(24)].join('/'),
    });
    for (const path of ['/v1/provider-configs', `/v1/provider-configs/${result.config_id}`]) {
      const first = await ask(path);
      const etag = first.headers.get('etag') ?? '';
      expect([first.status, etag]).toEqual([200, expect.stringMatching(/^"[\w-]{27}"$/)]);
      expect(first.text).toContain('"region":"eu"');
      expect(first.text).not.toMatch(/hooks\.slack|sealed|notification_emails/);
      for (const tag of [etag, `"other", W/${etag}`, '*']) {
        const again = await ask(path, { 'if-none-match': tag });
        expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
      }
      await editConfig(world.system, { config_id: result.config_id, description: `changed for ${path}` });
      const changed = await ask(path, { 'if-none-match': etag });
      expect([changed.status, changed.headers.get('etag') === etag]).toEqual([200, false]);
    }
  });

  test('the list is filtered, and paged to its end', async () => {
    const other = await createWorld({ plan: 'SCALE' });
    const { text } = await customerKey(other, ['providers:read']);
    const made = [];
    for (const isActive of [true, true, false]) made.push(await insertConfig(other, { isActive }));
    await insertConfig(other, { pipelineId: 'another' });
    const ids = async (query: string) =>
      ((await ask(`/v1/provider-configs${query}`, {}, text)).json.data as { config_id: string }[]).map(
        c => c.config_id,
      );
    expect((await ids('?pipeline_id=gcp_cost&is_active=true')).length).toBe(2);
    expect(await ids('?is_active=false')).toEqual([made[2]?.configId]);
    const seen: string[] = [];
    for (let after = ''; ; ) {
      const { json } = await ask(`/v1/provider-configs?limit=3${after}`, {}, text);
      seen.push(...(json.data as { config_id: string }[]).map(config => config.config_id));
      if (json.next_cursor === null) break;
      after = `&after=${json.next_cursor}`;
    }
    expect(new Set(seen).size).toBe(4);
    expect((await ask('/v1/provider-configs?is_active=1', {}, text)).status).toBe(400);
  });

  test('a service key that starts runs reads the configs of the customer it names', async () => {
    const { configId } = await insertConfig(world);
    const service = await serviceKey(['runs:any']);
    const path = `/v1/provider-configs/${configId}`;
    expect((await ask(`${path}?customer_id=${world.customerId}`, {}, service.text)).json.config_id).toBe(configId);
    expect((await ask(path, {}, service.text)).status).toBe(400);
  });
});
