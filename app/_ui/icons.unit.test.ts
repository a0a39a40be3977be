import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { iconDataSource } from '@/app/_ui/icons.generate';

test('the icon data is what the installed lucide draws (else: npx tsx app/_ui/icons.generate.ts)', async () => {
  expect(readFileSync(new URL('icon-data.ts', import.meta.url), 'utf8')).toBe(await iconDataSource());
});
