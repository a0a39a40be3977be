/** The mail about a failed run, as a story finds it. */
import { expect } from '@playwright/test';
import { demo } from '@/e2e/demo';

/** The address of the run in the mail to a person about the pipeline; waits for the mail. */
export async function linkInMail(pipeline: string, to: string): Promise<string> {
  let link: string | undefined;
  await expect
    .poll(
      async () => {
        const response = await fetch(`${demo().mail}/emails`, { headers: { authorization: 'Bearer re_e2e' } });
        const { data } = (await response.json()) as { data: { to: string[]; subject: string; text: string }[] };
        const mail = data.find(({ subject, to: recipients }) => subject.includes(pipeline) && recipients.includes(to));
        link = /https?:\/\/\S+\/runs\/[\da-f-]{36}/.exec(mail?.text ?? '')?.[0];
        return link;
      },
      { timeout: 30_000 },
    )
    .toBeTruthy();
  return link ?? '';
}
