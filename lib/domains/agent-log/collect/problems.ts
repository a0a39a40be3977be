/** What is wrong with an item, in the codes of rules.ts: the first problem that its schema finds, and where. */
import type { z } from 'zod';
import type { AgentProblemCode } from '@/lib/domains/agent-log/rules';
import { holdsSecret, masked } from '@/lib/kernel/secret-patterns';
import { storableStart, type Unkeepable } from '@/lib/kernel/storable';

/** `field` is the path in the item; '' for the whole. */
export type Problem = { code: AgentProblemCode; field: string };

const fieldSigns = 200;

/** A path as answers name it: bounded, storable, and without a secret that stood where a name should. */
export const fieldOf = (path: readonly PropertyKey[]): string =>
  storableStart(
    path
      .map(String)
      .map(name => (holdsSecret(name) ? masked : name))
      .join('.'),
    fieldSigns,
  );

/** Fields whose form says more of what is wrong than their type. */
const codeOfForm: Readonly<Record<string, AgentProblemCode>> = {
  event_id: 'not_uuid4',
  event_type: 'unknown_event_type',
  commit_hash: 'not_a_commit',
  'metadata.status': 'not_a_status',
};

function valueAt(item: unknown, path: readonly PropertyKey[]): unknown {
  let value = item;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[name];
  }
  return value;
}

type Issue = z.core.$ZodIssue;

/** A number below 0, or one that is not whole where it should be. */
const codeOfNumber = (issue: Issue): AgentProblemCode =>
  'origin' in issue && issue.origin === 'number' && issue.code === 'too_small' ? 'negative' : 'not_whole';

function codeOf(issue: Issue, item: unknown, field: string): AgentProblemCode {
  const value = valueAt(item, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'unknown_field';
    case 'invalid_type':
      if (value === undefined || value === null) return 'missing';
      return issue.expected === 'int' && typeof value === 'number' ? 'not_whole' : 'wrong_type';
    case 'too_big':
    case 'too_small':
      return typeof value === 'number' ? codeOfNumber(issue) : 'too_long';
    case 'invalid_format':
    case 'invalid_value':
      if (value === undefined || value === null) return 'missing';
      return codeOfForm[field] ?? 'wrong_type';
    default:
      return 'wrong_type';
  }
}

/** The first problem of a failed parse. */
export function firstProblem({ issues }: z.ZodError, item: unknown): Problem {
  const [issue] = issues;
  if (!issue) return { code: 'wrong_type', field: '' };
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  const field = fieldOf(path);
  return { code: codeOf(issue, item, field), field };
}

/** The problem of what no store can keep. */
export const unkeepableProblem = ({ what, path }: Unkeepable): Problem => ({
  code: what === 'depth' ? 'too_deep' : 'not_storable',
  field: what === 'depth' ? fieldOf(path.slice(0, 1)) : fieldOf(path),
});
