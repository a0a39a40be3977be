/** The calls that take events, as the document and the page of the API show them; lib/edge/v1/collect answers them. */
import { callTypes, sizes } from '@/lib/domains/events/rules';
import { batchSchema, callSchemas, settingsParams, settingsSchema, takenSchema } from '@/lib/edge/v1/collect/schemas';
import type { DocumentedRoute } from '@/lib/edge/v1/define-route';

const kilobyte = 1_024;
const about: Record<(typeof callTypes)[number], [summary: string, description: string]> = {
  identify: ['Identify a user', 'Says who somebody is: a row of `identifies`, and the latest traits in `users`.'],
  track: [
    'Track an event',
    'Says what somebody did: a row of `tracks`, and one of the table that is named like the event.',
  ],
  page: ['Page view', 'Says which page somebody saw: a row of `pages`.'],
  screen: ['Screen view', 'Says which screen of an app somebody saw: a row of `screens`.'],
  group: ['Group a user', 'Says which group somebody is in: a row of `groups`.'],
  alias: ['Alias a user', 'Says that two ids are one person: a row of `aliases`.'],
};
const durable = 'Answered once it is stored for good; it is in BigQuery a little later.';
const single = `At most ${sizes.eventBytes / kilobyte} kB. ${durable}`;

const success = { status: 200, schema: takenSchema, description: '`success`: it is stored.' };
const errors: DocumentedRoute['errors'] = ['usage_exceeded'];

const singles: DocumentedRoute[] = callTypes.map(type => ({
  operationId: `${type}Call`,
  method: 'POST',
  path: `/v1/${type}`,
  who: 'source',
  permission: null,
  summary: about[type][0],
  description: `${about[type][1]} ${single} Segment’s SDKs send it to \`/v1/${type[0]}\`, which is the same.`,
  body: callSchemas[type],
  success,
  errors,
}));

const batchText = `Up to ${sizes.batchItems} calls and ${sizes.batchBytes / kilobyte} kB at once, as SDKs of servers send them. A bad item is refused alone and named in the answer. ${durable}`;
const batch = (name: 'batch' | 'import', summary: string, description: string): DocumentedRoute => ({
  operationId: `${name}Calls`,
  method: 'POST',
  path: `/v1/${name}`,
  who: 'source',
  permission: null,
  summary,
  description,
  body: batchSchema,
  success: { ...success, description: '`success`: what was not refused is stored.' },
  errors,
});

const settings: DocumentedRoute = {
  operationId: 'readSdkSettings',
  method: 'GET',
  path: '/v1/projects/{write_key}/settings',
  who: 'public',
  permission: null,
  summary: 'Settings of Segment’s SDKs',
  description:
    'What the SDKs of browsers and apps ask for before they send: where to. Name this address as their `cdnURL`, and nothing is asked of Segment.',
  params: settingsParams,
  success: { status: 200, schema: settingsSchema, description: 'Where to send.' },
  errors: ['not_found', 'source_disabled', 'bad_origin', 'rate_limited'],
};

/** In the order of the page. */
export const collectRoutes: readonly DocumentedRoute[] = [
  ...singles,
  batch('batch', 'Send several calls', `${batchText} Also \`/v1/b\`.`),
  batch('import', 'Import calls', `The same as \`/v1/batch\`, as older SDKs name it: ${batchText}`),
  settings,
];
