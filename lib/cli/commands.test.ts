/** The operator's command line as a whole: help at every level, whom to ask, and what is refused. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { operator } from '@/dev/testing/operator';
import { referenceLinks } from '@/lib/platform/help';

const groups = [
  'schemas',
  'mirror',
  'jobs',
  'customers',
  'service-keys',
  'quotas',
  'audit',
  'billing',
  'notifications',
  'traces',
  'github',
];

test.each([[[]], [['--help']], [['help']], [['-h']]])('%j lists every command and ends with 0', async line => {
  const { code, out, err } = await operator(...line);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const name of [...groups, 'migrate', 'billing-report', 'stripe'])
    expect(out).toMatch(new RegExp(`^ +${name}  `, 'm'));
});

test.each(groups)('%s --help describes each of its commands, and each of those its arguments', async name => {
  const { code, out } = await operator(name, '--help');
  expect(code).toBe(0);
  expect(out).toContain(`USAGE npm run cli -- ${name}`);
  const commands = [...out.slice(out.indexOf('COMMANDS')).matchAll(/^ +([a-z-]+) {2,}(\S.*)$/gm)].map(
    match => match[1],
  );
  expect(commands.length).toBeGreaterThan(1);
  for (const command of commands) {
    const help = await operator(name, command ?? '', '--help');
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toContain(`USAGE npm run cli -- ${name} ${command}`);
  }
});

test('help names required arguments, values and defaults', async () => {
  const { out } = await operator('customers', 'create', '--help');
  expect(out).toMatch(/--plan=<STARTER\|PROFESSIONAL\|SCALE> +its plan, in trial \(Required\)/);
  expect((await operator('billing', 'events', '--help')).out).toMatch(/--limit=<limit> +how many \(Default: 50\)/);
  expect((await operator('schemas', 'security', 'plan', '--help')).out).toContain(
    'npm run cli -- schemas security plan',
  );
});

test('help ends with whom to ask and where to read on; a refused line names whom to ask', async () => {
  vi.stubEnv('SUPPORT_SLACK', '#ask-us');
  vi.stubEnv('SUPPORT_DOCUMENTATION_URL', 'none');
  try {
    const { out } = await operator('schemas', '--help');
    expect(out).toContain('Help: data-team@cloudact.ai · Slack #ask-us\n');
    for (const { href } of referenceLinks) expect(out).toContain(href);
    expect((await operator('jobs', 'stop')).err).toContain('Help: data-team@cloudact.ai · Slack #ask-us\n');
  } finally {
    vi.unstubAllEnvs();
  }
});

test('a failure names whom to ask; a refusal of the product is its own sentence', async () => {
  vi.stubEnv('GOOGLE_CLOUD_PROJECT', '');
  const failed = await operator('schemas', 'plan');
  vi.unstubAllEnvs();
  expect(failed.code).toBe(1);
  expect(failed.err).toMatch(/GOOGLE_CLOUD_PROJECT: .*\nHelp: data-team@cloudact\.ai/);
  const refused = await operator('customers', 'suspend', 'cus_none', '--reason', 'test');
  expect(refused).toEqual({ code: 1, out: '', err: 'There is no customer cus_none.\n' });
});

test.each<[string, string[], RegExp]>([
  ['an unknown command', ['frobnicate'], /^There is no command frobnicate\./],
  ['a group without a command', ['jobs'], /^Name a command\./],
  ['an option before the command', ['jobs', '--verbose', 'list'], /^Name a command\./],
  ['an unknown option', ['migrate', '--force'], /^Unknown option '--force'\./],
  [
    'an option that swallows the next one',
    ['audit', 'verify', '--customer', '--json'],
    /^Option '--customer' argument is ambiguous\./,
  ],
  ['a value for a switch', ['quotas', 'check', '--repair=no'], /^Option '--repair' does not take an argument\./],
  ['a switch denied', ['quotas', 'check', '--no-repair'], /^Unknown option '--no-repair'\./],
  ['a name in other letters', ['billing', 'reconcile', '--dryRun'], /^Unknown option '--dryRun'\./],
  ['a missing argument', ['jobs', 'run'], /^Missing required positional argument: NAME\./],
  [
    'a missing option',
    ['customers', 'create', '--plan', 'STARTER', '--owner', 'a@b.example'],
    /^Missing required argument: --name\./,
  ],
  ['a word too many', ['jobs', 'list', 'all'], /^Unexpected argument 'all'\./],
  [
    'a value that is not in the list',
    ['notifications', 'list', '--status', 'lost'],
    /\(lost\)\. Expected one of: queued, .*\./,
  ],
])('%s is refused with a sentence, the usage and exit code 2', async (_, line, sentence) => {
  const { code, out, err } = await operator(...line);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(sentence);
  expect(err).toContain('USAGE npm run cli --');
});

test('as a process it ends with the exit code and leaves nothing open', async () => {
  const line = ['--import', 'tsx', 'lib/cli/main.ts', 'jobs', 'stop'];
  const ended = await promisify(execFile)(process.execPath, line).catch(error => error);
  expect(ended).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^There is no command jobs stop\./),
  });
});
