/** What becomes of rows of AI usage that are older than they are kept. */
import { archiveAfterDays } from '@/lib/domains/traces/rules';

export function WhatHappens({ isArchived }: { isArchived: boolean }) {
  return (
    <ul className="list-disc space-y-2 pl-5">
      <li>
        Each night (UTC), requests of older days are removed from the tables <code>sessions</code> and{' '}
        <code>session_details</code> and from Parquet files. They cannot be brought back. The first removal of several
        years takes some nights.
      </li>
      <li>
        What each day came to, by model, developer and repository, stays in <code>ai_usage_days</code> for ever: Usage
        and Models go on showing those days. Sessions and single requests of them are gone.
      </li>
      <li>A request of such a day that is sent again after its removal is counted again.</li>
      {isArchived && (
        <li>Parquet files that were archived, as those older than {archiveAfterDays} days are, stay in the archive.</li>
      )}
    </ul>
  );
}
