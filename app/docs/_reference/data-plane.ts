/** The calls of the data plane, a page a subject, from the document that it serves itself. */
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import { type Call, callsOf } from '@/app/docs/_reference/call';
import { callSections, indexSection } from '@/app/docs/_reference/call-sections';
import { sampleOf } from '@/app/docs/_reference/sample';
import type { DocumentedRoute } from '@/lib/edge/v1/define-route';
import { openApiDocument } from '@/lib/edge/v1/openapi-document';
import { documentedRoutes } from '@/lib/edge/v1/routes';
import { subjects } from '@/lib/edge/v1/subjects';

function routeOf(operationId: string): DocumentedRoute {
  const route = documentedRoutes.find(known => known.operationId === operationId);
  if (!route) throw new Error(`no route is called ${operationId}`);
  return route;
}

let kept: { address: string; calls: Call[] } | undefined;

/** Every call of the data plane, in the order of the routes. */
export function dataPlaneCalls({ dataPlane: address }: Addresses): Call[] {
  if (kept?.address === address) return kept.calls;
  const document = openApiDocument(documentedRoutes);
  const calls = callsOf(document, ({ operationId }) => sampleOf(document, routeOf(operationId), address));
  kept = { address, calls };
  return calls;
}

const slugOf = (subject: string): string => `api/${subject.toLowerCase().replaceAll(' ', '-')}`;

/** Which page a call of the data plane is on. */
export const callHref = (call: Pick<Call, 'subject' | 'id'>): string => `/docs/${slugOf(call.subject)}#${call.id}`;

function subjectPage(name: string, text: string, at: Addresses): DocsPage {
  return {
    slug: slugOf(name),
    title: name,
    lead: text,
    sections: callSections(dataPlaneCalls(at).filter(call => call.subject === name)),
  };
}

function overview(at: Addresses): DocsPage {
  const calls = dataPlaneCalls(at);
  return {
    slug: 'api',
    title: 'API reference',
    lead: 'Every call of the data plane: what workers, services and SDKs send. Its address here is set into each sample.',
    sections: [
      {
        id: 'address',
        title: 'Address and document',
        blocks: [
          { code: at.dataPlane, language: 'text', label: 'Address of the data plane' },
          'The same as an [OpenAPI 3.1 document](/v1/openapi.json), for generated clients. Every call takes a key, except where its page says so: see [Authentication](/docs/authentication). Refusals are [problem documents](/docs/errors).',
        ],
      },
      ...subjects.map(({ name, text }) => {
        const ofSubject = calls.filter(call => call.subject === name);
        return indexSection({ id: slugOf(name).slice(4), title: name, text }, ofSubject, callHref);
      }),
    ],
  };
}

/** The overview, then a page a subject. */
export const dataPlanePages: readonly PageEntry[] = [
  { slug: 'api', title: 'Overview', content: overview },
  ...subjects.map(({ name, text }) => ({
    slug: slugOf(name),
    title: name,
    content: (at: Addresses) => subjectPage(name, text, at),
  })),
];
