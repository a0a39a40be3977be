import { expect, test } from 'vitest';
import { matching } from '@/app/_ui/palette/target';
import { targetsOf } from '@/app/(portal)/_shell/targets';
import type { Visitor } from '@/lib/edge/portal/page';
import type { Role } from '@/lib/kernel/permissions';

const found = (role: Role, typed: string): string[] =>
  matching(
    targetsOf({ ctx: { actor: { type: 'user', id: 'one', email: 'one@example.com', role } } } as Visitor),
    typed,
  ).map(({ href }) => href);

test('who looks for SQL or a query finds the desk first, and who may not query finds none of its pages', () => {
  for (const typed of ['SQL', 'sql', 'query', 'Desk']) {
    expect(found('COLLABORATOR', typed)[0], typed).toBe('/desk');
    expect(found('VIEWER', typed), typed).toEqual([]);
  }
});
