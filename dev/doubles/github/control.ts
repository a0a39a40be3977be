/** Calls below /control by which tests and the demo put tokens, repositories, pull requests, commits and faults in, and have webhooks sent. */
import { randomUUID } from 'node:crypto';
import { sign } from '@octokit/webhooks-methods';
import { z } from 'zod';
import { type Answer, refused } from '@/dev/doubles/github/answers';
import {
  commitShape,
  faultShape,
  findRepository,
  type GithubState,
  pullShape,
  type Repository,
  repositoryShape,
  tokenShape,
} from '@/dev/doubles/github/state';

type Call = { state: GithubState; body: unknown; query: URLSearchParams };
const done = (body: unknown = {}): Answer => ({ status: 200, body });

/** `{token, login, scopes?, revoked?, limit?}`: makes it known, or changes it; what it has used of its limit starts anew. */
function token({ state, body }: Call): Answer {
  const given = tokenShape.parse(body);
  state.tokens[given.token] = { ...given, used: 0, resetAtMs: Date.now() + 3_600_000 };
  return done();
}

/** `{full_name, id?, readers?, default_branch?}`: answers its id. */
function repository({ state, body }: Call): Answer {
  const given = repositoryShape.parse(body);
  const before = findRepository(state, given.full_name)?.found;
  const id = before?.id ?? given.id ?? state.nextId++;
  const kept = before ?? { formerNames: [], pulls: {}, commits: [] };
  const { full_name: fullName, readers, default_branch: defaultBranch } = given;
  state.repositories[id] = { ...kept, id, fullName, readers, defaultBranch };
  return done({ id });
}

function known(state: GithubState, repo: string): Repository {
  const { found } = findRepository(state, repo) ?? {};
  if (!found) throw new Error(`No repository ${repo} was put in.`);
  return found;
}

/** `{repo, pulls: […]}`: adds them, or replaces those of the same number; answers their ids. */
function pulls({ state, body }: Call): Answer {
  const given = z.strictObject({ repo: z.string(), pulls: z.array(pullShape) }).parse(body);
  const { pulls: there } = known(state, given.repo);
  const ids = given.pulls.map(pull => {
    const id = pull.id ?? there[pull.number]?.id ?? state.nextId++;
    there[pull.number] = { ...pull, id };
    return id;
  });
  return done({ ids });
}

/** `{repo, commits: […]}`: adds them to the default branch. */
function commits({ state, body }: Call): Answer {
  const given = z.strictObject({ repo: z.string(), commits: z.array(commitShape) }).parse(body);
  const there = known(state, given.repo);
  const added = new Set(given.commits.map(({ sha }) => sha));
  there.commits = [...there.commits.filter(({ sha }) => !added.has(sha)), ...given.commits];
  return done();
}

/** `{repo, to}`: its old name answers 301 from then on. */
function rename({ state, body }: Call): Answer {
  const given = z.strictObject({ repo: z.string(), to: repositoryShape.shape.full_name }).parse(body);
  const there = known(state, given.repo);
  there.formerNames = [...there.formerNames, there.fullName.toLowerCase()];
  there.fullName = given.to;
  return done();
}

/** `{repo}`: it is gone, 404. */
function remove({ state, body }: Call): Answer {
  const { repo } = z.strictObject({ repo: z.string() }).parse(body);
  delete state.repositories[known(state, repo).id];
  return done();
}

/** `{path, token?, skip?, times?, status?, headers?, body?, hang_ms?}`: the next requests of the path are answered so. */
function fault({ state, body }: Call): Answer {
  state.faults.push(faultShape.parse(body));
  return done();
}

/** `{token, used?, reset_in_seconds?}`: sets what the token has used of its limit. */
function rate({ state, body }: Call): Answer {
  const shape = z.strictObject({ token: z.string(), used: z.int().min(0), reset_in_seconds: z.int().default(3_600) });
  const given = shape.parse(body);
  const there = state.tokens[given.token];
  if (!there) return refused(404, 'This token was not put in.');
  Object.assign(there, { used: given.used, resetAtMs: Date.now() + given.reset_in_seconds * 1_000 });
  return done();
}

const deliveryShape = z.strictObject({
  url: z.url(),
  secret: z.string(),
  event: z.string().default('pull_request'),
  delivery_id: z.string().optional(),
  payload: z.looseObject({}).default({}),
  /** As GitHub's hooks of content type `form` send it. */
  form: z.boolean().default(false),
});

/** Sends one signed webhook as GitHub does; answers with the status it got. */
async function delivery({ body }: Call): Promise<Answer> {
  const given = deliveryShape.parse(body);
  const json = JSON.stringify(given.payload);
  const text = given.form ? String(new URLSearchParams({ payload: json })) : json;
  const delivery_id = given.delivery_id ?? randomUUID();
  const response = await fetch(given.url, {
    method: 'POST',
    body: text,
    headers: {
      'content-type': given.form ? 'application/x-www-form-urlencoded' : 'application/json',
      'user-agent': 'GitHub-Hookshot/local',
      'x-github-event': given.event,
      'x-github-delivery': delivery_id,
      'x-hub-signature-256': await sign(given.secret, text),
    },
  });
  return done({ status: response.status, answer: await response.text(), delivery_id });
}

/** `?token=…`: requests that the double saw with it, oldest first. */
const requests = ({ state, query }: Call): Answer => ({
  status: 200,
  body: { data: state.seen.filter(seen => seen.token === query.get('token')) },
});

const calls: Record<string, (call: Call) => Answer | Promise<Answer>> = {
  'POST tokens': token,
  'POST repositories': repository,
  'POST pulls': pulls,
  'POST commits': commits,
  'POST rename': rename,
  'POST remove': remove,
  'POST faults': fault,
  'POST rate': rate,
  'POST deliveries': delivery,
  'GET requests': requests,
};

/** Answers a call of /control; 400 with what is wrong in it. */
export async function controlAnswer(state: GithubState, method: string, url: URL, body: string): Promise<Answer> {
  const call = calls[`${method} ${url.pathname.slice('/control/'.length)}`];
  if (!call) return refused(404, `There is no ${method} ${url.pathname}.`);
  try {
    return await call({ state, body: JSON.parse(body || '{}'), query: url.searchParams });
  } catch (error) {
    return refused(400, error instanceof Error ? error.message : String(error));
  }
}
