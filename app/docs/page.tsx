/** The API page: made from the OpenAPI document and the tables of scopes, tiers and errors that the server enforces. */
import type { Metadata } from 'next';
import { connection } from 'next/server';
import { CallSection } from '@/app/docs/call-section';
import { errorMeanings } from '@/app/docs/error-meanings';
import { Help } from '@/app/docs/help';
import { Plans } from '@/app/docs/plan-table';
import { calls } from '@/app/docs/reference';
import { Roles } from '@/app/docs/role-table';
import { setUp } from '@/app/docs/sample';
import { ScrollBox } from '@/app/docs/scroll-box';
import { docsSections } from '@/app/docs/sections';
import { WithCode } from '@/app/docs/with-code';
import { rateTiers, tierRules } from '@/lib/domains/keys/rules';
import { permissions, serviceScopes } from '@/lib/kernel/permissions';
import { env } from '@/lib/platform/env';
import { type ErrorCode, statusOfCode } from '@/lib/platform/errors';

export const metadata: Metadata = { title: 'API · Tenantry' };

const codes = (Object.keys(statusOfCode) as ErrorCode[]).sort((a, b) => statusOfCode[a] - statusOfCode[b]);

export default async function DocsPage() {
  await connection();
  const all = calls();
  return (
    <main id="main" tabIndex={-1} className="mx-auto flex max-w-[960px] flex-col gap-10 p-4 sm:p-8">
      <header className="flex flex-col gap-2">
        <h1>Tenantry API</h1>
        <p className="max-w-prose text-muted">
          Quota, pipeline runs, key checks, events and AI traces for machines. The same as a document:{' '}
          <a href="/v1/openapi.json" className="underline">
            OpenAPI 3.1
          </a>
          .
        </p>
        <nav aria-label="On this page">
          <ul className="flex flex-wrap gap-x-4 gap-y-1">
            {docsSections.map(([id, title]) => (
              <li key={id}>
                <a href={`#${id}`} className="underline">
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <Authentication />
      <FirstCall />
      <Scopes />
      <Roles />
      <RateLimits />
      <Plans />
      <section className="flex min-w-0 flex-col gap-10" aria-labelledby="calls">
        <div className="flex flex-col gap-2">
          <h2 id="calls">Calls</h2>
          <ul className="flex flex-col gap-1">
            {all.map(call => (
              <li key={call.id}>
                <a href={`#${call.id}`} className="underline">
                  {call.summary}
                </a>{' '}
                <code className="wrap-anywhere text-muted">{`${call.method} ${call.path}`}</code>
              </li>
            ))}
          </ul>
        </div>
        {all.map(call => (
          <CallSection key={call.id} call={call} />
        ))}
      </section>
      <Errors />
      <Help />
    </main>
  );
}

function Authentication() {
  return (
    <section className="flex flex-col gap-2" aria-labelledby="authentication">
      <h2 id="authentication">Authentication</h2>
      <div className="flex max-w-prose flex-col gap-2">
        <p>
          Send a key with every call: <code>Authorization: Bearer ty_live_…</code>. Keys are made on the page API keys
          and shown once. A revoked key is refused from the moment the revocation is answered.
        </p>
        <p>
          Service keys (<code>ty_svc_…</code>) belong to the operator. They act for any customer and name it in{' '}
          <code>customer_id</code>; the scope <code>runs:any</code> lets them make every call on quota and runs.
        </p>
        <p>
          Events are sent with the write key of their source, from the page Sources: as the user of Basic
          authentication, or as <code>writeKey</code> in the body. It may stand in a page, because whoever has it can
          send and reads nothing.
        </p>
        <p>
          Every answer carries <code>x-request-id</code>. Lists are paged: send <code>next_cursor</code> as{' '}
          <code>after</code>. Times are UTC.
        </p>
      </div>
    </section>
  );
}

function FirstCall() {
  return (
    <section className="flex min-w-0 flex-col gap-2" aria-labelledby="first-call">
      <h2 id="first-call">First call</h2>
      <p className="max-w-prose">
        The samples below are lines for a shell with curl, once these variables are set. Where your operator gave the
        data plane an address of its own, that is <code>TENANTRY_URL</code>.
      </p>
      <ScrollBox label="Variables of the samples" className="p-3">
        <pre>{setUp(env().PORTAL_URL)}</pre>
      </ScrollBox>
    </section>
  );
}

function Scopes() {
  return (
    <section className="flex flex-col gap-2" aria-labelledby="scopes">
      <h2 id="scopes">Scopes</h2>
      <dl className="grid gap-x-6 gap-y-1 max-sm:[&_dd]:mb-2 sm:grid-cols-[max-content_1fr]">
        {serviceScopes.map(name => (
          <div key={name} className="contents">
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              {permissions[name].description}
              {permissions[name].scope === 'service' && <span className="text-muted"> Service keys only.</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function RateLimits() {
  return (
    <section className="flex flex-col gap-2" aria-labelledby="rate-limits">
      <h2 id="rate-limits">Rate limits</h2>
      <p className="max-w-prose">
        Each key has a tier. <code>RateLimit-Limit</code>, <code>RateLimit-Remaining</code> and{' '}
        <code>RateLimit-Reset</code> say where it stands; beyond it calls answer 429 with <code>Retry-After</code>.
        Besides, calls that start or read something count against the plan’s API calls of the month; a run’s heartbeats,
        steps, checks and completion do not.
      </p>
      <dl className="grid gap-x-6 gap-y-1 max-sm:[&_dd]:mb-2 sm:grid-cols-[max-content_1fr]">
        {rateTiers.map(tier => (
          <div key={tier} className="contents">
            <dt>
              <code>{tier}</code>
            </dt>
            <dd>{tierRules[tier].description}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Errors() {
  return (
    <section className="flex min-w-0 flex-col gap-2" aria-labelledby="errors">
      <h2 id="errors">Errors</h2>
      <p className="max-w-prose">
        Refusals are problem details (RFC 9457, <code>application/problem+json</code>). Write code against{' '}
        <code>code</code>; <code>detail</code> is for people and may change.
      </p>
      <ScrollBox label="Error codes">
        <table className="table">
          <caption className="sr-only">Error codes</caption>
          <thead>
            <tr>
              <th scope="col">Code</th>
              <th scope="col">Status</th>
              <th scope="col">Meaning</th>
            </tr>
          </thead>
          <tbody>
            {codes.map(code => (
              <tr key={code} id={code}>
                <th scope="row">
                  <code>{code}</code>
                </th>
                <td>{statusOfCode[code]}</td>
                <td>
                  <WithCode text={errorMeanings[code]} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}
