/** What a secret looks like by itself: taken out of what workers wrote, and refused where people give a name. */

export type SecretRule = { name: string; pattern: RegExp; by: string };

export const masked = '[secret]';

/** Secrets that are known by their form, in the order in which they are taken out. One cut in its middle matches too. */
export const tokenRules: readonly SecretRule[] = [
  {
    name: 'a private key, also within the JSON of a service account',
    pattern:
      /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:(?!-----END)[\s\S])*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g,
    by: masked,
  },
  { name: 'a key of ours', pattern: /\bty_(?:live|test|svc|service)_[\w-]+/g, by: masked },
  {
    name: 'a JSON web token',
    // A word without a dot behind it holds none and is read once, however often it looks like the beginning of one.
    pattern: /(?<![\w-])(?=[\w-]+\.)([\w-]*?)\beyJ[\w-]{8,}(?:\.[\w-]*){1,2}/g,
    by: `$1${masked}`,
  },
  { name: 'what HTTP sends to sign in', pattern: /\b(Bearer|Basic|Digest)\s+[\w.~+/=:-]{6,}/gi, by: `$1 ${masked}` },
  {
    name: 'a password within an address',
    pattern: /(\b[a-z][a-z\d+.-]{1,20}:\/\/[^\s:/@]{0,200}):[^\s@/]{1,200}@/gi,
    by: `$1:${masked}@`,
  },
  { name: 'an AWS key', pattern: /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z\d]{12,}\b/g, by: masked },
  { name: 'a Google key or token', pattern: /\bAIza[\w-]{30,}|\bya29\.[\w-]+|\bGOCSPX-[\w-]+/g, by: masked },
  {
    name: 'a key of GitHub, GitLab, Slack, Stripe, OpenAI or Anthropic',
    pattern:
      /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|[srp]k_(?:live|test)_|whsec_|sk-(?:ant-|proj-)?)[\w-]{10,}/g,
    by: masked,
  },
  { name: 'a client secret of Azure', pattern: /(?<![\w.~-])[\w.~-]{3}\dQ~[\w.~-]{31,34}(?![\w.~-])/g, by: masked },
];

/** Words that HTTP and addresses have beside a secret, but that a name may well have: “Basic reports”. */
const notOfNames = new Set(['what HTTP sends to sign in']);

/** Further forms that only a name is judged by: in an error's text they would hide too much that is none. */
const inNames: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY/,
  /"?private_key"?\s*:/,
  /hooks\.slack\.com\/services\//,
  // A secret access key of AWS: 40 signs of base64 that hold small and capital letters and digits, as no hash does.
  /(?<![\w/+-])(?=[^\s]{0,39}[a-z])(?=[^\s]{0,39}[A-Z])(?=[^\s]{0,39}\d)[A-Za-z\d/+]{40}(?![\w/+=-])/,
];

/** Whether a text that should be a name holds a secret of one of the providers. */
export function holdsSecret(text: string): boolean {
  const known = tokenRules.some(({ name, pattern }) => !notOfNames.has(name) && text.search(pattern) >= 0);
  return known || inNames.some(pattern => pattern.test(text));
}

/** Said where a secret stands in a field that everybody may read; never repeats it. */
export const secretInField =
  'This looks like a secret, which everyone could read here. Give it only in the field for the secret.';
