/** The portal's own calls below /api, a page a noun, from the document that it serves itself. */
import { portalCalls } from '@/app/api/calls';
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import { type Call, callsOf } from '@/app/docs/_reference/call';
import { callSections, indexSection } from '@/app/docs/_reference/call-sections';
import type { Sample } from '@/app/docs/_samples/languages';
import { requestSample } from '@/app/docs/_samples/request';
import { portalDocument } from '@/lib/edge/portal/openapi-document';
import { portalSubjects } from '@/lib/edge/portal/subjects';

/** Reads that need nothing but a key have a sample; the others name something of the reader's own. */
function sampleOf(path: string, operation: { operationId: string; summary: string }, call: ReadCall, address: string) {
  const needsMore = call.parameters?.some(({ required }) => required) ?? false;
  const takesKeys = JSON.stringify(call.security).includes('key');
  if (call.method !== 'get' || needsMore || !takesKeys) return null;
  return requestSample(`portal.${operation.operationId}`, operation.summary, {
    method: 'GET',
    address,
    path: [path],
    auth: 'key',
  });
}

type ReadCall = { method: string; parameters?: { required?: boolean }[]; security?: unknown };

let kept: { address: string; calls: Call[] } | undefined;

/** Every call of the portal, in the order of the list. */
function callsAt({ portal: address }: Addresses): Call[] {
  if (kept?.address === address) return kept.calls;
  const document = portalDocument(portalCalls);
  const samples = new Map<string, Sample | null>(
    Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
      Object.entries(item as Record<string, { operationId: string; summary: string }>).map(
        ([method, operation]) =>
          [operation.operationId, sampleOf(path, operation, { method, ...operation }, address)] as const,
      ),
    ),
  );
  const calls = callsOf(document, ({ operationId }) => samples.get(operationId) ?? null);
  kept = { address, calls };
  return calls;
}

const slugOf = (tag: string): string => `portal-api/${tag}`;

const nounPage = (tag: string, title: string, at: Addresses): DocsPage => ({
  slug: slugOf(tag),
  title: `${title} (portal API)`,
  lead: 'Calls below /api, which do what the pages of the portal do.',
  sections: callSections(callsAt(at).filter(call => call.subject === tag)),
});

function overview(at: Addresses): DocsPage {
  const calls = callsAt(at);
  return {
    slug: 'portal-api',
    title: 'Portal API',
    lead: 'Everything that members do in the portal, as JSON. Pages and calls ask the same commands, so the same rules hold.',
    sections: [
      {
        id: 'who-may-call',
        title: 'Who may call',
        blocks: [
          {
            list: [
              '**Members, by the session cookie** that signing in sets in the browser. Changes must come from the portal’s own origin: another `Origin` is [`bad_origin`](/docs/errors#bad_origin). What the role does not allow is [`forbidden`](/docs/errors#forbidden).',
              '**API keys** with the scope of the call’s name, as a bearer token. Each call says whether there is such a scope; for some there is none, and they are for signed-in members alone.',
              '**Service keys** of the operator name the customer in the header `X-Customer-Id`.',
            ],
          },
          'Signing in and out, opening and deleting an organization, and leaving one are pages only, where a person can be asked. The same as an [OpenAPI 3.1 document](/api/openapi.json).',
        ],
      },
      ...portalSubjects.map(({ tag, title }) => {
        const ofSubject = calls.filter(call => call.subject === tag);
        return indexSection({ id: tag, title }, ofSubject, ({ id }) => `/docs/${slugOf(tag)}#${id}`);
      }),
    ],
  };
}

/** The overview, then a page a noun. */
export const portalPages: readonly PageEntry[] = [
  { slug: 'portal-api', title: 'Overview', content: overview },
  ...portalSubjects.map(({ tag, title }) => ({
    slug: slugOf(tag),
    title,
    content: (at: Addresses) => nounPage(tag, title, at),
  })),
];
