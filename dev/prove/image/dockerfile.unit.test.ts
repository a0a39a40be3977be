import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildImage, ignoring } from '@/dev/prove/image/dockerfile';

test('a name is ignored with all below it, a pattern at any depth, and nothing else', () => {
  const ignored = ignoring('# why\nnode_modules\n.env*\n**/*.test.ts\nlib/laws\napp/(dev)\n*.md');
  for (const path of ['node_modules', 'node_modules/a/b.js', '.env', '.env.local', 'a.test.ts', 'lib/a/b.test.ts'])
    expect([path, ignored(path)]).toEqual([path, true]);
  for (const path of ['lib/laws/x.law.ts', 'app/(dev)/page.tsx', 'README.md']) expect(ignored(path)).toBe(true);
  for (const path of ['lib/node_modules.ts', 'lib/a.md', 'lib/lawsuit.ts', 'a.test.tsx', 'app/dev/page.tsx', 'env'])
    expect([path, ignored(path)]).toEqual([path, false]);
});

test('stages are built one after the other, and the last one holds only what was copied into it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'image-'));
  try {
    const context = join(folder, 'context');
    mkdirSync(join(context, 'lib'), { recursive: true });
    for (const [file, text] of [
      ['.dockerignore', '.env*\n'],
      ['.env', 'SECRET=1'],
      ['lib/a.ts', 'a'],
      [
        'Dockerfile',
        'FROM x AS build\nWORKDIR /srv\nCOPY . .\nRUN echo built > out.txt\nFROM x\nENV A=1 B=2\nWORKDIR /srv\nCOPY --from=build /srv/lib ./lib\nCOPY --from=build /srv/out.txt ./\nCMD ["npm", "start"]',
      ],
    ] as const)
      writeFileSync(join(context, file), text);
    const image = buildImage(context, 'Dockerfile', join(folder, 'out'), () => {});
    expect(image).toMatchObject({ workdir: '/srv', env: { A: '1', B: '2' }, command: ['npm', 'start'] });
    const at = (file: string) => join(image.root, 'srv', file);
    expect(readFileSync(at('lib/a.ts'), 'utf8')).toBe('a');
    expect(readFileSync(at('out.txt'), 'utf8')).toBe('built\n');
    expect(existsSync(join(folder, 'out/build/srv/.env'))).toBe(false);
    expect(existsSync(at('Dockerfile'))).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a step that fails or is not known ends the build', () => {
  const folder = mkdtempSync(join(tmpdir(), 'image-'));
  try {
    writeFileSync(join(folder, '.dockerignore'), '');
    for (const [step, says] of [
      ['RUN false', /RUN false ended with 1/],
      ['ADD a b', /ADD is not known/],
      ['COPY none ./', /COPY none: there is none/],
    ] as const) {
      writeFileSync(join(folder, 'Dockerfile'), `FROM x AS a\n${step}`);
      expect(() => buildImage(folder, 'Dockerfile', join(folder, 'out'), () => {})).toThrow(says);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
