/** What was just done to one's place in the organization, said by the frame of whatever page follows; other notices are the pages'. */
import { Notice } from '@/app/_ui/notice';
import { NoticeSeen } from '@/app/_ui/notice-seen';
import { landing, noticeCookie } from '@/lib/edge/portal/landing';
import type { Visitor } from '@/lib/edge/portal/page';

/** Closed: a code that is not here says nothing. */
const sentences: Record<string, (name: string, role: string) => string> = {
  joined: (name, role) => `You are a member of ${name} now. Your role is ${role}.`,
  opened: name => `${name} is open. The steps below are what comes next.`,
  left: name => `You left the organization. You are in ${name} now.`,
  switched: name => `You are in ${name} now.`,
  checklist_hidden: () => 'The setup checklist is hidden. Settings → Profile brings it back.',
  checklist_shown: () => 'The setup checklist is shown again.',
};

export async function Landed({ membership }: Pick<Visitor, 'membership'>) {
  const told = await landing();
  if (Object.keys(told).length === 0) return null;
  const { done = '' } = told;
  const sentence = Object.hasOwn(sentences, done) ? sentences[done] : undefined;
  return (
    <>
      <NoticeSeen cookie={noticeCookie} />
      {sentence && (
        <div className="mb-4">
          <Notice tone="ok" closable>
            {sentence(membership.companyName, membership.role.toLowerCase())}
          </Notice>
        </div>
      )}
    </>
  );
}
