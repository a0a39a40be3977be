/** The worker's part in repositories of GitHub, as its /health tells it. */
import { type RepositoryBacklog, repositoryBacklog } from '@/lib/domains/pull-requests/sync/backlog';
import { HealthProblem } from '@/lib/platform/http/health';

/** Due for longer than this while none is read at all: no reader runs. */
const unreadSeconds = 60;
/** Due for longer than this although others are read: there are too few readers. */
const behindSeconds = 3_600;

/** What is wrong with reading; null where it goes on. A few that fail among many are told, and are no problem of the worker's. */
function problemOf({ connected, reading, lateSeconds, failing, refused }: RepositoryBacklog): string | null {
  if (reading === 0 && lateSeconds > unreadSeconds) return 'no repository is read';
  if (lateSeconds > behindSeconds) return 'readers are behind';
  const readable = connected - refused;
  return failing > 0 && failing * 2 >= readable ? 'GitHub cannot be read' : null;
}

/** Repositories are read when they are due. */
export async function repositoriesAreRead(): Promise<string> {
  const backlog = await repositoryBacklog();
  const { connected, reading, due, lateSeconds, failing, refused } = backlog;
  const message =
    `of ${connected} repositories ${reading} are read now, ${due} are due, the most late for ${Math.round(lateSeconds)} s; ` +
    `${failing} fail by GitHub or us, ${refused} wait for their customer`;
  const problem = problemOf(backlog);
  if (problem) throw new HealthProblem(`${problem}: ${message}`);
  return message;
}
