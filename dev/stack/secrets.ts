/** The passwords and keys of one folder's services: made once at random, kept with the folder. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type LocalSecrets = {
  postgresPassword: string;
  googleClientSecret: string;
  sessionSecret: string;
  stripeSecretKey: string;
  stripeWebhookSecret: string;
  resendApiKey: string;
};

const random = (bytes: number) => randomBytes(bytes).toString('base64url').replaceAll(/[-_]/g, 'x');

/** Reads `<dir>/secrets.json`, or makes it (mode 0600). */
export function localSecrets(dir: string): LocalSecrets {
  const file = join(dir, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as LocalSecrets;
  const made: LocalSecrets = {
    postgresPassword: random(18),
    googleClientSecret: `GOCSPX-${random(21)}`,
    sessionSecret: random(33),
    stripeSecretKey: `sk_test_${random(24)}`,
    stripeWebhookSecret: `whsec_${random(24)}`,
    resendApiKey: `re_${random(18)}`,
  };
  writeFileSync(`${file}.tmp`, JSON.stringify(made, null, 2), { mode: 0o600 });
  renameSync(`${file}.tmp`, file);
  return made;
}
