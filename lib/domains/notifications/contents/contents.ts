/** What each event says: one function an event, pure, so that every attempt to send a message has the same bytes. */
import { z } from 'zod';
import { type Content, inOrganization, type Told } from '@/lib/domains/notifications/contents/content';
import { invitationSubject, inviterWords, missWords } from '@/lib/domains/notifications/contents/event-words';
import { limitContents } from '@/lib/domains/notifications/contents/limit-contents';
import { type EventData, type EventName, events } from '@/lib/domains/notifications/events';
import { writtenName, writtenText } from '@/lib/domains/notifications/rules';
import {
  dayWords,
  harmless,
  inDaysWords,
  instantWords,
  moneyWords,
  roleWords,
} from '@/lib/domains/notifications/words';
import { planTitle } from '@/lib/domains/subscriptions/rules';

const runWords = (runs: number): string => (runs === 1 ? '1 run' : `${runs} runs`);

/** Where to look: what stops all runs, the run that waited, else the config. */
function missAction({ reason, run_id, config_id }: EventData<'schedule_missed'>): Content['action'] {
  if (reason === 'subscription_inactive') return { label: 'Open billing', path: '/billing' };
  if (run_id) return { label: 'Open the run', path: `/runs/${encodeURIComponent(run_id)}` };
  return { label: 'Open the config', path: `/providers/${encodeURIComponent(config_id)}` };
}

type Contents = { [Name in EventName]: (told: Told<Name>) => Content };

const contents: Contents = {
  ...limitContents,
  run_failed: ({ company, data }) => ({
    subject: `Pipeline ${data.pipeline_id} failed in ${company}`,
    heading: `${data.pipeline_id} failed`,
    paragraphs: [
      'A pipeline run ended as failed. If the pipeline fails again within this hour, no further message is sent.',
    ],
    facts: [
      ['Run', data.run_id],
      ['Started', instantWords(data.started_at)],
      ['Ended', instantWords(data.ended_at)],
      ['Error', data.error_message ? data.error_message : 'The worker gave no message.'],
    ],
    action: { label: 'Open the run', path: `/runs/${encodeURIComponent(data.run_id)}` },
    because: inOrganization(company),
  }),
  config_run_failed: ({ company, data }) => ({
    subject: `Pipeline ${data.pipeline_id} of “${data.name}” failed in ${company}`,
    heading: `${data.pipeline_id} failed`,
    paragraphs: [`A pipeline run of the provider config “${data.name}” of ${company} ended as failed.`],
    facts: [
      ['Run', data.run_id],
      ['Error', data.error_message ? data.error_message : 'The worker gave no message.'],
    ],
    action: { label: 'Open the run', path: `/runs/${encodeURIComponent(data.run_id)}` },
    because: `It comes because the provider config “${data.name}” of ${company} names this place for its messages. Ask its admins to take it out.`,
  }),
  slack_test: ({ company, data }) => ({
    subject: `Test message of “${data.name}”`,
    heading: 'Test message',
    paragraphs: [`The provider config “${data.name}” of ${company} can write here. Failed runs will be told.`],
    action: { label: 'Open the config', path: `/providers/${encodeURIComponent(data.config_id)}` },
    because: `Somebody at ${company} asked for this message.`,
  }),
  schedule_missed: ({ company, data }) => ({
    subject: `“${data.name}” did not run in ${company}`,
    heading: `“${data.name}” did not run`,
    paragraphs: missWords[data.reason],
    facts: [
      ['Config', data.name],
      ['Due', instantWords(data.scheduled_for)],
      ...(data.run_id ? [['Run', data.run_id] as [string, string]] : []),
    ],
    action: missAction(data),
    because: inOrganization(company),
  }),
  failure_review: ({ company, data }) => ({
    subject: `${runWords(data.failed)} failed in ${company} from ${dayWords(data.from)} to ${dayWords(data.to)}`,
    heading: 'Errors of the week',
    paragraphs: [
      `${runWords(data.failed)} failed from ${dayWords(data.from)} to ${dayWords(data.to)} (UTC), by ${data.kinds === 1 ? 'one kind of error' : `${data.kinds} kinds of errors`}.`,
      ...(data.kinds > data.top.length ? [`These are the ${data.top.length} most frequent.`] : []),
    ],
    facts: data.top.map(({ pattern, runs }): [string, string] => [runWords(runs), pattern]),
    action: { label: 'See the errors', path: `/pipelines/errors?from=${data.from}&to=${data.to}` },
    because: inOrganization(company),
  }),
  credential_failing: ({ company, data }) => ({
    subject: `Credential “${data.name}” is failing in ${company}`,
    heading: `Credential “${data.name}” is failing`,
    paragraphs: [
      `${data.provider} has rejected this credential since ${instantWords(data.failing_since)}.`,
      'Runs that need it fail until it is replaced.',
    ],
    facts: [['Reason', data.reason]],
    action: { label: 'Open the credential', path: `/credentials/${encodeURIComponent(data.credential_id)}` },
    because: inOrganization(company),
  }),
  key_expires: ({ company, data }) => ({
    subject: `API key “${data.name}” of ${company} expires ${inDaysWords(data.days_left)}`,
    heading: `API key “${data.name}” expires ${inDaysWords(data.days_left)}`,
    paragraphs: [
      `It is refused from ${instantWords(data.expires_at)} on.`,
      'Rotate it to get a new key; the old one can go on for a while, so that nothing stops.',
    ],
    action: { label: 'Open the key', path: `/keys/${encodeURIComponent(data.api_key_id)}` },
    because: inOrganization(company),
  }),
  credential_expires: ({ company, data }) => ({
    subject: `Credential “${data.name}” of ${company} expires ${inDaysWords(data.days_left)}`,
    heading: `Credential “${data.name}” expires ${inDaysWords(data.days_left)}`,
    paragraphs: [
      `${data.provider} refuses it from ${instantWords(data.expires_at)} on, and runs that need it fail.`,
      'Make a new secret there and rotate the credential; the old one can go on for a while, so that nothing stops.',
    ],
    action: { label: 'Open the credential', path: `/credentials/${encodeURIComponent(data.credential_id)}` },
    because: inOrganization(company),
  }),
  trial_ends: ({ company, data }) => ({
    subject: `The trial of ${company} ends ${inDaysWords(data.days_left)}`,
    heading: `Your trial ends ${inDaysWords(data.days_left)}`,
    paragraphs: [
      `The ${planTitle(data.plan)} trial of ${company} ends on ${dayWords(data.trial_end_date)}.`,
      'Add a card to go on without a break: nothing is charged before the trial is over.',
      'Without one, new runs are refused after that day. What is there stays readable.',
    ],
    action: { label: 'Add card', path: '/billing' },
    because: inOrganization(company),
  }),
  trial_ended: ({ company, data }) => ({
    subject: `The trial of ${company} has ended`,
    heading: 'Your trial has ended',
    paragraphs: [
      `The ${planTitle(data.plan)} trial of ${company} ended on ${dayWords(data.trial_end_date)}. New runs are refused.`,
      'Choose a plan to go on. Keys, settings and history are as they were, and stay readable.',
    ],
    action: { label: 'Choose plan', path: '/billing' },
    because: inOrganization(company),
  }),
  payment_failed: ({ company, data }) => ({
    subject: `A payment of ${company} failed: ${moneyWords(data.amount_cents, data.currency)}`,
    heading: 'A payment failed',
    paragraphs: [
      `${moneyWords(data.amount_cents, data.currency)} could not be charged for ${company}.`,
      ...(data.runs_until
        ? [`Runs are accepted up to ${dayWords(data.runs_until)}. Pay the invoice to go on after it.`]
        : []),
    ],
    facts: data.reason ? [['Reason', data.reason]] : [],
    action: { label: data.runs_until ? 'Pay invoice' : 'Open billing', path: '/billing' },
    because: inOrganization(company),
  }),
  invitation: ({ company, data, secret }) => ({
    subject: invitationSubject(company, data),
    heading: `Join ${company}`,
    paragraphs: [
      `${inviterWords(data)} invited you to ${company} as ${roleWords[data.role]}.`,
      `Accept by signing in with Google as the address this message went to. The invitation ends on ${instantWords(data.expires_at)}.`,
    ],
    action: secret ? { label: 'See the invitation', path: `/invitations/${encodeURIComponent(secret)}` } : undefined,
    because: 'You get this because someone entered your address. If you do not know them, ignore it: nothing happens.',
  }),
  role_changed: ({ company, data }) => ({
    subject: `Your role in ${company} is now ${roleWords[data.to]}`,
    heading: `You are now ${roleWords[data.to]} of ${company}`,
    paragraphs: [
      `${data.changed_by} changed your role from ${roleWords[data.from]} to ${roleWords[data.to]} on ${instantWords(data.changed_at)}.`,
    ],
    action: { label: 'Open Tenantry', path: '/' },
    because: `This message about your access to ${company} cannot be turned off.`,
  }),
  member_removed: ({ company, data }) => ({
    subject: `You no longer have access to ${company}`,
    heading: `You no longer have access to ${company}`,
    paragraphs: [`${data.removed_by} removed you from ${company} on ${instantWords(data.removed_at)}.`],
    because: `This message about your access to ${company} cannot be turned off.`,
  }),
  deletion_requested: ({ company, data }) => ({
    subject: `${company} will be deleted on ${dayWords(data.final_at)}`,
    heading: `${company} will be deleted`,
    paragraphs: [
      `${data.requested_by} asked for it on ${instantWords(data.requested_at)}.`,
      `It is final on ${instantWords(data.final_at)}. Until then an owner can stop it.`,
    ],
    action: { label: 'See the deletion', path: '/settings/danger' },
    because: `You get this because you are an owner of ${company}. It cannot be turned off.`,
  }),
  deletion_withdrawn: ({ company, data }) => ({
    subject: `${company} stays: its deletion was stopped`,
    heading: `${company} stays`,
    paragraphs: [`${data.withdrawn_by} stopped the deletion on ${instantWords(data.withdrawn_at)}.`],
    action: { label: 'Open Tenantry', path: '/' },
    because: `You get this because you are an owner of ${company}. It cannot be turned off.`,
  }),
};

const longestText = 500;

/** A value with what others wrote in it made harmless; the schema says where that is. */
function harmlessValue(declared: unknown, value: unknown): unknown {
  const schema = declared instanceof z.ZodNullable ? declared.unwrap() : declared;
  if (typeof value === 'string') {
    if (schema === writtenName) return harmless(value);
    return schema === writtenText ? harmless(value, longestText) : value;
  }
  if (schema instanceof z.ZodArray && Array.isArray(value))
    return value.map(item => harmlessValue(schema.element, item));
  if (schema instanceof z.ZodObject && typeof value === 'object' && value !== null) {
    const shape: Record<string, unknown> = schema.shape;
    return Object.fromEntries(Object.entries(value).map(([field, item]) => [field, harmlessValue(shape[field], item)]));
  }
  return value;
}

/** The content of a stored message; `data` is that of the event, as notify stored it. */
export function contentOf(event: EventName, told: { company: string; data: unknown; secret: string | null }): Content {
  // The union of all content functions takes the intersection of their data; `data` was parsed by this event's schema.
  const make = contents[event] as (told: { company: string; data: unknown; secret: string | null }) => Content;
  return make({ ...told, company: harmless(told.company), data: harmlessValue(events[event].data, told.data) });
}
