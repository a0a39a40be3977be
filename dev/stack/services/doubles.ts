/** The doubles as supervised processes: Google and mail, KMS, Stripe, GitHub. */
import { join } from 'node:path';
import { nodeBinary, tsxArguments } from '@/dev/stack/paths';
import { answers, type ProcessPlan } from '@/dev/stack/supervisor';

/** A double written on emulate; `file` is its entry, its state lies in `<dir>/<name>.json`. */
export function double(dir: string, name: string, file: string, port: number): ProcessPlan {
  return {
    name,
    command: nodeBinary(),
    args: tsxArguments(file),
    env: { DOUBLE_PORT: String(port), DOUBLE_STATE_FILE: join(dir, `${name}.json`) },
    healthy: () => answers(`http://127.0.0.1:${port}/health`),
  };
}

export type GoogleMailOptions = {
  googlePort: number;
  mailPort: number;
  clientId: string;
  clientSecret: string;
  portalPort: number;
  withTestPeople: boolean;
};

/** Where Google may send a browser back to: the portal, and the ports a developer's own `next dev` takes. */
function redirectUris(portalPort: number): string {
  const ports = new Set([portalPort, ...Array.from({ length: 21 }, (_, index) => 3000 + index)]);
  return [...ports]
    .flatMap(port => [`http://127.0.0.1:${port}`, `http://localhost:${port}`])
    .map(origin => `${origin}/api/auth/callback/google`)
    .join(',');
}

/** Google sign-in and the mail inbox; nothing of theirs is kept between starts. */
export function googleMail(options: GoogleMailOptions): ProcessPlan {
  const google = `http://127.0.0.1:${options.googlePort}/.well-known/openid-configuration`;
  const inbox = `http://127.0.0.1:${options.mailPort}/inbox`;
  return {
    name: 'google-mail',
    command: nodeBinary(),
    args: tsxArguments('dev/doubles/google-mail/server.ts'),
    env: {
      GOOGLE_PORT: String(options.googlePort),
      MAIL_PORT: String(options.mailPort),
      GOOGLE_CLIENT_ID: options.clientId,
      GOOGLE_CLIENT_SECRET: options.clientSecret,
      REDIRECT_URIS: redirectUris(options.portalPort),
      WITH_TEST_PEOPLE: String(options.withTestPeople),
    },
    healthy: async () => (await answers(google)) && (await answers(inbox)),
  };
}

const ringParent = (projectId: string) => `projects/${projectId}/locations/us`;

/** Creates the key that wraps data keys, unless it is there, and answers with its name. */
export async function createKmsKey(baseUrl: string, projectId: string): Promise<string> {
  const ring = `${ringParent(projectId)}/keyRings/tenantry`;
  const create = async (path: string, body: object) => {
    const response = await fetch(`${baseUrl}/v1/${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok && response.status !== 409)
      throw new Error(`KMS answered ${response.status}: ${await response.text()}`);
  };
  await create(`${ringParent(projectId)}/keyRings?keyRingId=tenantry`, {});
  await create(`${ring}/cryptoKeys?cryptoKeyId=tenantry`, { purpose: 'ENCRYPT_DECRYPT' });
  return `${ring}/cryptoKeys/tenantry`;
}
