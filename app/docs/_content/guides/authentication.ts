/** Keys, whom they speak for, and what they may do. */
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import { requestSample } from '@/app/docs/_samples/request';
import { graceChoices, longestLifeDays, rateTiers, tierRules } from '@/lib/domains/keys/rules';
import { permissions, serviceScopes } from '@/lib/kernel/permissions';

const content = ({ dataPlane: address }: Addresses): DocsPage => ({
  slug: 'authentication',
  title: 'Authentication',
  lead: 'Machines send a key with every call, people sign in with Google. What a key may do is written into it.',
  sections: [
    {
      id: 'keys',
      title: 'API keys',
      blocks: [
        'Send the key as a bearer token: `Authorization: Bearer ty_live_…`. Keys are made on the page API keys and shown once; we keep only a hash, so nobody can look one up later. A revoked key is refused from the moment the revocation is answered.',
        {
          sample: requestSample('authentication-call', 'A call with a key', {
            method: 'GET',
            address,
            path: ['/v1/quota'],
            auth: 'key',
          }),
        },
        { tryIt: 'Open API keys', href: '/keys' },
      ],
    },
    {
      id: 'kinds',
      title: 'Kinds of keys',
      blocks: [
        {
          caption: 'Kinds of keys',
          head: ['Key', 'Speaks for', 'Where it comes from'],
          rows: [
            ['`ty_live_…`', 'one organization', 'the page API keys'],
            ['`wk_…`', 'one event source, and only to send', 'the page of the event source'],
            ['`ty_svc_…`', 'any customer, named as `customer_id` in each call', 'the operator of this installation'],
          ],
        },
        'A write key may stand in a web page, because whoever has it can send events and reads nothing. It is sent as the user of Basic authentication, or as `writeKey` in the body.',
      ],
    },
    {
      id: 'scopes',
      title: 'Scopes',
      blocks: [
        'A key carries the scopes that were chosen when it was made. A call that needs another one is refused with [`insufficient_scope`](/docs/errors#insufficient_scope), which names it.',
        {
          terms: serviceScopes.map(name => ({
            term: name,
            text: permissions[name].description + (permissions[name].scope === 'service' ? ' Service keys only.' : ''),
          })),
        },
      ],
    },
    {
      id: 'rate-limits',
      title: 'Rate limits',
      blocks: [
        'Each key has a tier. `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` say where it stands; beyond it calls answer [`rate_limited`](/docs/errors#rate_limited) with `Retry-After`.',
        { terms: rateTiers.map(tier => ({ term: tier, text: `${tierRules[tier].description}.` })) },
      ],
    },
    {
      id: 'expiry',
      title: 'Expiry and rotation',
      blocks: [
        `A key ends at the time that it was given, at most ${Math.floor(longestLifeDays / 366)} years ahead, or never. Rotating makes a new key with the same scopes; the old one goes on for as long as you choose: ${graceChoices.map(({ label }) => label.toLowerCase()).join(', ')}. Whoever may manage keys is told before one expires.`,
      ],
    },
    {
      id: 'people',
      title: 'People',
      blocks: [
        'People sign in to the portal with Google. What they may do follows from their role: see [Team and roles](/docs/team). The portal’s own calls below `/api` take the session’s cookie, or a key that has the scope.',
      ],
    },
    {
      id: 'answers',
      title: 'What all answers have in common',
      blocks: [
        'Every answer carries `x-request-id`; name it when you write to support. Lists are paged: send `next_cursor` as `after`. Times are UTC.',
      ],
    },
  ],
});

export const authentication: PageEntry = { slug: 'authentication', title: 'Authentication', content };
