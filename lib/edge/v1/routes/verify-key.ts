/** POST /v1/keys/verify */
import { z } from 'zod';
import { rateTiers } from '@/lib/domains/keys/rules';
import { touchKey } from '@/lib/domains/keys/uses';
import { type KeyHolder, lookUpKey } from '@/lib/domains/keys/verify';
import { apiCallsLeft } from '@/lib/domains/quotas/usage-counts';
import { takeOfTier } from '@/lib/edge/http/limits';
import { defineV1Route } from '@/lib/edge/v1/define-route';
import type { LimitAnswer } from '@/lib/kernel/limits';
import { customerScopes } from '@/lib/kernel/permissions';

/** VALID, then why not, in the order in which the reasons are looked for: `judge` answers the first. */
export const verifyCodes = [
  'VALID',
  'NOT_FOUND',
  'DISABLED',
  'EXPIRED',
  'CUSTOMER_SUSPENDED',
  'INSUFFICIENT_SCOPE',
  'RATE_LIMITED',
  'USAGE_EXCEEDED',
] as const;
type VerifyCode = (typeof verifyCodes)[number];
type CustomerKey = Extract<KeyHolder, { kind: 'customer' }>;

const verdict = z.strictObject({
  valid: z.boolean().meta({ description: 'True for the code VALID only.' }),
  code: z
    .enum(verifyCodes)
    .meta({ description: 'Why; the first that applies in the order of DISABLED to USAGE_EXCEEDED.' }),
  customer_id: z.string().nullable(),
  company_name: z.string().nullable(),
  plan: z.string().nullable(),
  key_id: z.string().nullable(),
  name: z.string().nullable(),
  scopes: z.array(z.string()),
  expires_at: z.iso.datetime().nullable().meta({ description: 'Null where the key never expires.' }),
  remaining: z
    .int()
    .nullable()
    .meta({ description: 'API calls left this month; null without a limit, and until this process has asked.' }),
  rate_limit: z
    .strictObject({ tier: z.enum(rateTiers), limit: z.int(), remaining: z.int(), reset_seconds: z.int() })
    .nullable()
    .meta({ description: 'Where the key stands in its rate limit; null for UNLIMITED keys and unknown ones.' }),
});
type Verdict = z.output<typeof verdict>;

const unknownKey: Verdict = {
  valid: false,
  code: 'NOT_FOUND',
  customer_id: null,
  company_name: null,
  plan: null,
  key_id: null,
  name: null,
  scopes: [],
  expires_at: null,
  remaining: null,
  rate_limit: null,
};

function verdictOf(code: VerifyCode, key: CustomerKey, remaining: number | null, rate: LimitAnswer | null): Verdict {
  return {
    valid: code === 'VALID',
    code,
    customer_id: key.customerId,
    company_name: key.companyName,
    plan: key.plan,
    key_id: key.keyId,
    name: key.name,
    scopes: key.scopes,
    expires_at: key.expiresAt?.toISOString() ?? null,
    remaining,
    rate_limit: rate && {
      tier: key.rateLimitTier,
      limit: rate.limit,
      remaining: rate.remaining,
      reset_seconds: rate.resetSeconds,
    },
  };
}

/** The key's own state, before limits are asked; null when nothing speaks against it. */
function refusal(key: CustomerKey, scope: string | undefined): VerifyCode | null {
  if (key.customerStatus === 'SUSPENDED') return 'CUSTOMER_SUSPENDED';
  if (scope !== undefined && !key.scopes.includes(scope)) return 'INSUFFICIENT_SCOPE';
  return null;
}

/** Judges a presented key; one that passes the first checks takes a request of its rate limit, as its own call would. */
async function judge(plaintext: string, scope: string | undefined): Promise<Verdict> {
  const check = await lookUpKey(plaintext);
  if (!check.valid && check.code === 'NOT_FOUND') return unknownKey;
  const key = check.holder;
  // Service keys are the operator's; here only customers' keys are known.
  if (key.kind !== 'customer') return unknownKey;
  const remaining = apiCallsLeft(key.customerId);
  const refused = check.valid ? refusal(key, scope) : check.code;
  if (refused) return verdictOf(refused, key, remaining, null);
  const rate = await takeOfTier(key);
  if (rate && !rate.allowed) return verdictOf('RATE_LIMITED', key, remaining, rate);
  if (remaining === 0) return verdictOf('USAGE_EXCEEDED', key, remaining, rate);
  touchKey(key.keyId, new Date());
  return verdictOf('VALID', key, remaining, rate);
}

export const verifyKey = defineV1Route({
  operationId: 'verifyKey',
  method: 'POST',
  path: '/v1/keys/verify',
  who: 'service',
  permission: 'keys:verify',
  summary: 'Check a customer’s key',
  description:
    'Says whether a key may be used now, and for which customer. Always 200; the verdict is in `valid` and `code`. ' +
    'Reads Postgres each time, so a revoked key is refused from the moment the revocation is answered.',
  body: z.strictObject({
    key: z.string().min(1).max(512).meta({ description: 'The key as it was presented to you.' }),
    scope: z.enum(customerScopes).optional().meta({ description: 'Scope the key must carry.' }),
  }),
  success: { status: 200, description: 'The verdict.', schema: verdict },
  errors: [],
  handler: async ({ body }) => ({ status: 200, body: await judge(body.key, body.scope) }),
});
