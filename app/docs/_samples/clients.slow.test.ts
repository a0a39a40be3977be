/** Samples that need a package run with it, byte for byte, in every language; what they send arrives. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { litellm, otelSpans } from '@/app/docs/_samples/ai-clients';
import { languages, type Sample } from '@/app/docs/_samples/languages';
import { segmentSdks } from '@/app/docs/_samples/segment';
import { checkoutDir } from '@/dev/stack/paths';
import { clientVenv } from '@/dev/stack/services/python-venv';
import { runSample } from '@/dev/testing/docs/run-sample';
import { openSdkScene, rowsOf, type SdkScene } from '@/dev/testing/events/sdk-scene';
import { type ClientScene, openClientScene, runClient } from '@/dev/testing/traces/client-scene';

const pins = {
  segment: 'lib/edge/v1/collect/segment-python-requirements.txt',
  litellm: 'lib/edge/v1/traces/clients/litellm-requirements.txt',
  otel: 'lib/edge/v1/traces/clients/otel-requirements.txt',
};
const python: Record<string, string> = {};
beforeAll(async () => {
  for (const [name, file] of Object.entries(pins)) python[name] = await clientVenv(name, file);
  // Its first import compiles thousands of modules, for longer than a test may take.
  await runClient(python.litellm ?? '', '-c', ['import litellm.integrations.generic_api.generic_api_callback']);
}, 900_000);

/** Node finds the packages of this checkout from a folder within it. */
const within = (name: string) => ({ cwd: `${checkoutDir}/.local`, python: python[name] });

describe('events by Segment’s SDKs', () => {
  let scene: SdkScene;
  beforeAll(async () => {
    scene = await openSdkScene();
  });
  afterAll(() => scene.close());

  test.each(languages)('in %s', async language => {
    const { code } = segmentSdks(scene.url);
    await runSample(language, code[language], { WRITE_KEY: scene.source.writeKey }, within('segment'));
    expect((await rowsOf(scene, 'order_completed')).length).toBe(languages.indexOf(language) + 1);
  });
});

describe('traces', () => {
  let scene: ClientScene;
  const cases: [string, (address: string) => Sample][] = [
    ['litellm', litellm],
    ['otel', otelSpans],
  ];
  test.each(cases.flatMap(([name, of]) => languages.map(language => ({ name, of, language }))))(
    'by $name in $language',
    async ({ name, of, language }) => {
      scene = await openClientScene();
      const address = scene.endpoint.replace(/\/v1\/traces$/, '');
      await runSample(
        language,
        of(address).code[language],
        { TENANTRY_KEY: scene.key, LITELLM_LOCAL_MODEL_COST_MAP: 'True' },
        within(name),
      );
      expect(scene.statuses).toEqual([200]);
      expect(await scene.rows()).toMatchObject([{ model: 'openai/gpt-4o', developer_id: 'mia@example.com' }]);
      await scene.close();
    },
  );
});
