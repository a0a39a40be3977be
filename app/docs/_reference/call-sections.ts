/** The sections of a page of calls: what several of them share is said once. */
import type { Section } from '@/app/docs/_content/types';
import type { Call } from '@/app/docs/_reference/call';

const sharedRefusals = (codes: readonly string[]): Section => ({
  id: 'refusals',
  title: 'Refusals of each of these calls',
  blocks: [codes.map(code => `[\`${code}\`](/docs/errors#${code})`).join(', ')],
});

/** The calls of one page, such that fields which several answers share stand there once. */
function withSharedAnswers(calls: readonly Call[]): Call[] {
  const shown = new Map<string, { id: string; title: string }>();
  return calls.map(call => ({
    ...call,
    successes: call.successes.map(success => {
      if (success.fields.length < 3) return success;
      const key = JSON.stringify(success.fields);
      const sameAs = shown.get(key);
      if (sameAs) return { ...success, fields: [], sameAs };
      shown.set(key, { id: call.id, title: call.summary });
      return success;
    }),
  }));
}

/** Codes by which each of the calls may be refused; they are said once a page and left out of its calls. */
function splitRefusals(calls: readonly Call[]): { shared: string[]; calls: Call[] } {
  const codesOf = (call: Call) => call.refusals.flatMap(({ codes }) => codes);
  const [first, ...others] = calls;
  if (!first || others.length === 0) return { shared: [], calls: [...calls] };
  const shared = codesOf(first).filter(code => others.every(call => codesOf(call).includes(code)));
  const own = (call: Call): Call => ({
    ...call,
    refusals: call.refusals
      .map(({ status, codes }) => ({ status, codes: codes.filter(code => !shared.includes(code)) }))
      .filter(({ codes }) => codes.length > 0),
  });
  return { shared, calls: calls.map(own) };
}

/** A section a call, and one of what they share. */
export function callSections(calls: readonly Call[]): Section[] {
  const { shared, calls: shown } = splitRefusals(withSharedAnswers(calls));
  return [
    ...shown.map(call => ({ id: call.id, title: call.summary, blocks: [{ call }] })),
    ...(shared.length > 0 ? [sharedRefusals(shared)] : []),
  ];
}

/** A section of an overview: the calls of one subject, each with its link. */
export const indexSection = (
  { id, title, text }: { id: string; title: string; text?: string },
  calls: readonly Call[],
  hrefOf: (call: Call) => string,
): Section => ({
  id,
  title,
  blocks: [
    ...(text === undefined ? [] : [text]),
    { terms: calls.map(call => ({ term: `${call.method} ${call.path}`, text: `[${call.summary}](${hrefOf(call)})` })) },
  ],
});
