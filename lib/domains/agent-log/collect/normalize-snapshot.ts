/** One state of a repository as it is sent → a row of repo_snapshots, or the first thing that is wrong with it. */
import { itemTime } from '@/lib/domains/agent-log/collect/event-time';
import { isObject } from '@/lib/domains/agent-log/collect/normalize-event';
import { firstProblem, type Problem, unkeepableProblem } from '@/lib/domains/agent-log/collect/problems';
import type { RepoSnapshot } from '@/lib/domains/agent-log/events';
import { snapshotInput } from '@/lib/domains/agent-log/input';
import { unkeepable } from '@/lib/kernel/storable';

/** The row of a snapshot, or its first problem. Pure, and never throws. Source: docs/spec/000-agent-log.md, repo_snapshots. */
export function normalizeSnapshot(item: unknown, now: Date): { row: RepoSnapshot } | { problem: Problem } {
  if (!isObject(item)) return { problem: { code: 'not_an_object', field: '' } };
  const lost = unkeepable(item, 2);
  if (lost) return { problem: unkeepableProblem(lost) };
  const parsed = snapshotInput.safeParse(item);
  if (!parsed.success) return { problem: firstProblem(parsed.error, item) };
  const { data } = parsed;
  const time = itemTime(data.indexed_at, 'indexed_at', now);
  if ('code' in time) return { problem: time };
  const repoUrl = data.repo_url.trim();
  if (repoUrl === '') return { problem: { code: 'too_long', field: 'repo_url' } };
  const row: RepoSnapshot = {
    commit_hash: data.commit_hash.toLowerCase(),
    repo_url: repoUrl,
    indexed_at: time.text,
    file_count: data.file_count ?? null,
    total_tokens: data.total_tokens ?? null,
    vector_index_path: data.vector_index_path ?? null,
  };
  return { row };
}
