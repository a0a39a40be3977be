/** Why a run failed, in our words: what, where and what to do, from the error text by a table of rules. Pure. */
import { silenceHours } from '@/lib/domains/lineage/rules';
import { errorOf, type FailedRun } from '@/lib/domains/runs/explain/failed-run';

export const failureCodes = [
  'worker_lost',
  'cancelled',
  'quota',
  'rate_limited',
  'permission_missing',
  'credential_rejected',
  'timeout',
  'provider_down',
  'not_found',
  'memory',
  'invalid_data',
  'data_check',
  'code',
  'unknown',
] as const;
export type FailureCode = (typeof failureCodes)[number];

type Rule = {
  code: FailureCode;
  /** Any of them in the error text; the first rule that matches decides. */
  pattern: RegExp;
  /** Goes after "Step 3 “load_costs” failed: ". */
  what: string;
  todo: string;
};

/** From the most telling to the least: what says who refused comes before what only says that it took long. */
export const failureRules: readonly Rule[] = [
  {
    code: 'data_check',
    pattern:
      /\bexpectations? failed\b|\bdata[- ]quality\b|\b(?:dq|quality)[ _]?checks?\b|\bchecks? failed\b|\bvalidation of table\b/i,
    what: 'its data did not pass a check.',
    todo: 'Look at the failed checks below and at the rows they name, then run it again.',
  },
  {
    code: 'permission_missing',
    pattern:
      /\baccess denied\b|\bpermission(?:_| )?denied\b|\bAccessDenied\b|\bforbidden\b|\bnot authorized to\b|\bUnauthorizedOperation\b|\b(?:lacks|missing|does not have|requires?)\b[^.]{0,80}\b(?:permission|role|access)\b|\blacks [a-z]\w*\.\w|\b(?:HTTP|status)\D{0,8}403\b|\b403\b(?= [A-Z])/i,
    what: 'the provider did not allow it.',
    todo: 'Give the credential that the pipeline uses the missing permission, then run it again.',
  },
  {
    code: 'credential_rejected',
    pattern:
      /\bcredentials?\b[^.]{0,60}\b(?:rejected|invalid|expired|revoked)\b|\b(?:invalid|expired|revoked|bad|rejected)\b[^.]{0,40}\b(?:credentials?|token|api[_ -]?key|signature|grant)\b|\b(?:token|api[_ -]?key|signature)\b[^.]{0,40}\b(?:expired|invalid|revoked|rejected|does ?not ?match)|\binvalid_grant\b|\bUNAUTHENTICATED\b|\bInvalidClientTokenId\b|\bSignatureDoesNotMatch\b|\bauthentication failed\b|\bpassword authentication\b|\b(?:HTTP|status)\D{0,8}401\b|\b401\b(?= [A-Z])/i,
    what: 'the provider did not accept the credential.',
    todo: 'Replace the credential that the pipeline uses, or renew it at the provider, then run it again.',
  },
  {
    code: 'quota',
    pattern:
      /\bquota ?exceeded\b|\bquotaExceeded\b|\bexceeded\b[^.]{0,60}\bquota\b|\binsufficient_quota\b|\bquota_exceeded\b|\bbilling (?:not enabled|hard limit)\b|\bdisk quota\b/i,
    what: 'a quota is used up.',
    todo: 'Wait until the quota is renewed or raise it where it is set, then run it again.',
  },
  {
    code: 'rate_limited',
    pattern:
      /\brate ?limit|\brateLimitExceeded\b|\btoo many requests\b|\bThrottl(?:ing|ed)\b|\bRESOURCE_EXHAUSTED\b|\bSlowDown\b|\b(?:HTTP|status|answered)\D{0,8}429\b/i,
    what: 'the provider refused for now: too many requests.',
    todo: 'Run it again later; if it happens often, let the pipeline send fewer requests at a time.',
  },
  {
    code: 'memory',
    pattern:
      /\bout of memory\b|\bOOM(?:Killed)?\b|\bMemoryError\b|\bheap (?:space|out)\b|\bresources exceeded\b|\bresourcesExceeded\b|\bexit(?:ed)? (?:with )?(?:code )?137\b|\bno space left\b/i,
    what: 'it ran out of memory or disk.',
    todo: 'Give the worker more room, or let the step read less at a time, then run it again.',
  },
  {
    code: 'timeout',
    pattern:
      /\btim(?:e|ed)[ -]?out\b|\bdeadline[ _]?exceeded\b|\bETIMEDOUT\b|\btook longer than\b|\bdid not (?:answer|finish) (?:with)?in\b|\b504\b(?= [A-Z])/i,
    what: 'it took longer than it may.',
    todo: 'Compare it with the last good run to see which step became slow, then run it again.',
  },
  {
    code: 'provider_down',
    pattern:
      /\b(?:502|503)\b|\bservice unavailable\b|\bbad gateway\b|\bUNAVAILABLE\b|\bECONNREFUSED\b|\bECONNRESET\b|\bENOTFOUND\b|\bEAI_AGAIN\b|\bconnection (?:refused|reset|closed|aborted)\b|\bcould not (?:connect|resolve)\b|\binternal server error\b|\b(?:HTTP|status|answered)\D{0,8}500\b|\bbackendError\b|\bsocket hang up\b/i,
    what: 'the provider could not be reached, or failed itself.',
    todo: 'See whether the provider reports a disturbance, then run it again.',
  },
  {
    code: 'not_found',
    pattern:
      /\bnot found\b|\bdoes not exist\b|\bno such (?:file|table|bucket|key|column|host)\b|\bNoSuch(?:Key|Bucket)\b|\bnotFound\b|\b404\b(?= [A-Z])|\bunrecognized name\b|\bunknown column\b|\brelation "[^"]*" does/i,
    what: 'something it needs is not there.',
    todo: 'See what the message names: it was renamed or removed, or is made by a step that did not run.',
  },
  {
    code: 'invalid_data',
    pattern:
      /\bcould not (?:parse|convert|cast)\b|\b(?:parse|syntax|schema|value|json(?:decode)?|unicode(?:decode)?) ?error\b|\binvalid (?:value|json|date|timestamp|input|schema|type)\b|\bbad (?:int64|double|bool) value\b|\bduplicate key\b|\bviolates\b[^.]{0,40}\bconstraint\b|\bno matching signature\b|\bcannot (?:parse|convert|cast)\b|\btype mismatch\b/i,
    what: 'it met data or a statement that it does not understand.',
    todo: 'Compare it with the last good run: the source or the configuration may have changed.',
  },
  {
    code: 'code',
    pattern:
      /\bTraceback \(most recent call last\)|\b(?:Attribute|Key|Type|Index|Name|Import|ModuleNotFound|Assertion|Reference|NullPointer|ZeroDivision|Runtime|NotImplemented)(?:Error|Exception)\b|\bis not (?:a function|defined)\b|\bpanic:|\bsegmentation fault\b/i,
    what: 'the pipeline’s own code failed.',
    todo: 'Read the full error; compare the config version with that of the last good run.',
  },
];

export type FailureReason = {
  code: FailureCode;
  /** What and where: "Step 3 “load_costs” failed: the provider did not allow it." */
  sentence: string;
  /** What to do about it; null where only what happened is known. */
  todo: string | null;
};

const where = ({ step }: FailedRun): string => (step ? `Step ${step.index + 1} “${step.name}”` : 'The run');

/** The same of a run that its orchestrator ends, or forgets to. */
function ofObserved({ leaseExpired, status }: FailedRun): FailureReason | null {
  if (leaseExpired) {
    return {
      code: 'worker_lost',
      sentence: `The run was given up: its orchestrator told nothing of it for ${silenceHours} hours.`,
      todo: 'See at the orchestrator whether it was stopped; an end that it reports later still counts.',
    };
  }
  if (status !== 'CANCELLED') return null;
  return { code: 'cancelled', sentence: 'The run was aborted at its orchestrator.', todo: null };
}

/** What of the run itself says why, before any text is looked at. */
function ofRun(run: FailedRun): FailureReason | null {
  if (run.isObserved) return ofObserved(run);
  if (run.leaseExpired) {
    const worker = run.worker ? `its worker “${run.worker}”` : 'its worker';
    const sentence = `The run was given up: ${worker} sent no heartbeat for ${run.leaseSeconds} s${run.step ? `, last in step ${run.step.index + 1} “${run.step.name}”` : ''}.`;
    return {
      code: 'worker_lost',
      sentence,
      todo: 'See whether the worker was stopped or ran out of memory, then run it again.',
    };
  }
  if (run.status !== 'CANCELLED') return null;
  const by = run.cancelledBy ? ` by ${run.cancelledBy}` : '';
  return { code: 'cancelled', sentence: `The run was cancelled${by}.`, todo: null };
}

/** Why the run failed. Where no rule knows the text, only what is known is said. */
export function failureReason(run: FailedRun): FailureReason {
  const known = ofRun(run);
  if (known) return known;
  const text = errorOf(run);
  if (run.step?.hasFailedCheck) {
    const sentence = `${where(run)} failed: its data did not pass a check.`;
    return { code: 'data_check', sentence, todo: 'Look at the failed checks below and at what they name.' };
  }
  const rule = text === null ? undefined : failureRules.find(({ pattern }) => pattern.test(text));
  if (rule) return { code: rule.code, sentence: `${where(run)} failed: ${rule.what}`, todo: rule.todo };
  if (!run.step && run.checksFailed > 0) {
    const checks = `${run.checksFailed} of ${run.checks} checks failed`;
    return { code: 'data_check', sentence: `The run failed, and ${checks}.`, todo: 'Look at the failed checks below.' };
  }
  const silence = text === null ? ` The ${run.isObserved ? 'orchestrator' : 'worker'} gave no message.` : '';
  return { code: 'unknown', sentence: `${where(run)} failed.${silence}`, todo: null };
}
