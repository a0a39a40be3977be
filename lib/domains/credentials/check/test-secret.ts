/** Tests a secret before it is stored; nothing of it is kept. */
import { withinAllowance } from '@/lib/domains/credentials/check/allowance';
import { checkSecret } from '@/lib/domains/credentials/check/check-secret';
import type { CheckResult } from '@/lib/domains/credentials/check/findings';
import { testSecretInput } from '@/lib/domains/credentials/input';
import { parseSecret } from '@/lib/domains/credentials/secret';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { requireCustomer } from '@/lib/kernel/ctx';

/**
 * Tests a secret that is not stored, and answers its steps. AppError invalid_input, rate_limited.
 * Source: docs/architecture.md, Credentials.
 */
export const testSecret = defineCommand({
  name: 'credential.test_secret',
  permission: 'credentials:write',
  input: testSecretInput,
  prepare: ({ ctx, input }) => {
    const { customerId } = requireCustomer(ctx);
    // A form with a wrong field is told so, as where it is stored; the provider need not be asked.
    parseSecret(input.secret, customerId);
    return withinAllowance(ctx, () =>
      checkSecret({
        secret: input.secret,
        requiredPermissions: input.required_permissions,
        customerId,
      }),
    );
  },
  run: async ({ input, prepared }): Promise<Change<CheckResult>> => ({
    result: prepared,
    target: { type: 'credential', id: 'not_stored' },
    before: null,
    after: { kind: input.secret.kind, outcome: prepared.outcome, steps: prepared.steps },
    mirror: [],
  }),
});
