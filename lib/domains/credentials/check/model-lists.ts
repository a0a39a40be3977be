/** OpenAI and Anthropic: the list of models, which costs nothing and which a sound key may read. */
import { z } from 'zod';
import { type Learnt, permissionFailed, signInFailed } from '@/lib/domains/credentials/check/findings';
import { type CheckCall, jsonOf } from '@/lib/domains/credentials/check/provider-call';

const list = z.object({ data: z.array(z.unknown()).catch([]) });

type ModelList = { url: string; headers: Record<string, string>; keysPage: string };

async function readModels({ url, headers, keysPage }: ModelList, { title, fetch, findings }: CheckCall) {
  const answer = await fetch(url, { headers });
  if (answer.status === 401)
    throw signInFailed(
      `${title} does not accept the key: it is wrong, disabled or deleted.`,
      `Create a new key at ${keysPage} and replace the secret.`,
    );
  findings.pass('sign_in', `${title} accepts the key.`);
  if (!answer.ok)
    throw permissionFailed('Missing: reading the list of models.', `Let the key read models at ${keysPage}.`);
  const { data } = list.catch({ data: [] }).parse(await jsonOf(answer));
  findings.pass('permission', `May use ${data.length === 1 ? '1 model' : `${data.length} models`}.`);
}

/** Source: docs/spec/requirements.md, C-58. */
export async function checkOpenai(apiKey: string, call: CheckCall): Promise<Learnt> {
  const headers = { authorization: `Bearer ${apiKey}` };
  await readModels({ url: 'https://api.openai.com/v1/models', headers, keysPage: 'platform.openai.com' }, call);
  return {};
}

/** Source: docs/spec/requirements.md, C-58. */
export async function checkAnthropic(apiKey: string, call: CheckCall): Promise<Learnt> {
  const headers = { 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' };
  await readModels({ url: 'https://api.anthropic.com/v1/models', headers, keysPage: 'console.anthropic.com' }, call);
  return {};
}
