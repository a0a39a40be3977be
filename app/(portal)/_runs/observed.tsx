/** Runs that an orchestrator started and told us of: the word for them, and how orchestrators write their own names. */

/** What "Observed" means, wherever there is room for it. */
export const observedMeans = 'Its orchestrator started it and reported it to us. It takes no quota.';

const names: Record<string, string> = {
  AIRFLOW: 'Airflow',
  DAGSTER: 'Dagster',
  DBT: 'dbt',
  FLINK: 'Flink',
  GREAT_EXPECTATIONS: 'Great Expectations',
  PREFECT: 'Prefect',
  SPARK: 'Spark',
};

/** "dbt" for DBT; what is not known as it was sent, and null where nobody said. */
export const orchestratorName = (sent: string | null): string | null =>
  sent === null ? null : (names[sent.toUpperCase()] ?? sent);

export const ObservedBadge = () => (
  <span className="badge tone-neutral" title={observedMeans}>
    Observed
  </span>
);
