/** Next leads nobody to the address without a slash: pages are led there here, and calls of machines are answered where they are. */
import { NextRequest } from 'next/server';
import { expect, test } from 'vitest';
import nextConfig from '@/next.config';
import { config, proxy } from '@/proxy';

const led = async (path: string) => {
  const answer = await proxy(new NextRequest(`http://portal${path}`));
  return [answer.status, answer.headers.get('location')];
};

test('a page whose address ends with slashes is led to the address without, of this host alone', async () => {
  expect(await led('/runs/?status=FAILED')).toEqual([308, 'http://portal/runs?status=FAILED']);
  expect(await led('/docs/api//')).toEqual([308, 'http://portal/docs/api']);
  expect(await led('//evil.example/')).toEqual([308, 'http://portal/evil.example']);
  expect((await led('/'))[0]).toBe(200);
  expect((await led('/docs/api'))[0]).toBe(200);
});

test('calls of the data plane do not pass here, with or without a slash', () => {
  const passes = (path: string) => new RegExp(`^${config.matcher}$`).test(path);
  for (const path of ['/v1/traces/', '/api/v1/lineage', '/api/v1/lineage/', '/api/v1/lineage/batch/'])
    expect(passes(path), path).toBe(false);
  for (const path of ['/runs/', '/api/runs', '/docs/api/lineage']) expect(passes(path), path).toBe(true);
  expect(nextConfig.skipTrailingSlashRedirect).toBe(true);
});
