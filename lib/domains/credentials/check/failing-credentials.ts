/** The credentials that need attention, for the Overview. */
import { and, asc, eq, isNotNull } from 'drizzle-orm';
import { z } from 'zod';
import type { CredentialProvider } from '@/lib/domains/credentials/rules';
import { cloudCredentials } from '@/lib/domains/credentials/tables';
import { defineOperation } from '@/lib/kernel/operation';
import { db } from '@/lib/platform/db';

export type FailingCredential = {
  credential_id: string;
  name: string;
  provider: CredentialProvider;
  failing_since: Date | null;
  reason: string | null;
};

const columns = {
  credential_id: cloudCredentials.credentialId,
  name: cloudCredentials.credentialName,
  provider: cloudCredentials.provider,
  failing_since: cloudCredentials.failingSince,
  reason: cloudCredentials.validationError,
};
const mostShown = 20;

const read = defineOperation({
  name: 'credential.list_failing',
  permission: 'providers:read',
  input: z.strictObject({}),
  run: ({ customerId }): Promise<FailingCredential[]> => {
    const { isActive, failingSince } = cloudCredentials;
    const failing = and(eq(cloudCredentials.customerId, customerId), eq(isActive, true), isNotNull(failingSince));
    return db().select(columns).from(cloudCredentials).where(failing).orderBy(asc(failingSince)).limit(mostShown);
  },
});

/** Stored credentials whose last test failed, the longest failing first. */
export const failingCredentials = (ctx: Parameters<typeof read>[0]): Promise<FailingCredential[]> => read(ctx, {});
