/** Run events of OpenLineage 2-0-2 in the form in which its clients send them. Pure. */

/** Names a run and its job, as its children's parent facet does. */
export type JobRef = { runId: string; namespace: string; name: string };

export type Dataset = {
  namespace: string;
  name: string;
  rows?: number;
  assertions?: readonly Assertion[];
};
export type Assertion = {
  assertion: string;
  column?: string;
  name: string;
  severity: 'error' | 'warn';
  /** Rows that break it; null where it was not tried. */
  broken: number | null;
};

export type DemoJob = JobRef & {
  integration: string;
  jobType: string;
  producer: string;
  /** The immediate parent, and the run that all is of. */
  parent?: JobRef;
  root?: JobRef;
  sql?: string;
  runFacets?: Record<string, object>;
  inputs?: readonly Dataset[];
  outputs?: readonly Dataset[];
  startMs: number;
  endMs: number;
  end: 'COMPLETE' | 'FAIL' | 'ABORT';
  error?: string;
};

const schemas = 'https://openlineage.io/spec';
const refOf = ({ namespace, name, runId }: JobRef) => ({ run: { runId }, job: { namespace, name } });

function facetsOf({ rows, assertions }: Dataset): { facets: object; outputFacets: object } {
  const told = assertions?.map(({ broken, ...assertion }) => ({
    ...assertion,
    success: broken === 0,
    ...(broken === null ? {} : { expected: '0', actual: String(broken) }),
  }));
  return {
    facets: told ? { dataQualityAssertions: { assertions: told } } : {},
    outputFacets: rows === undefined ? {} : { outputStatistics: { rowCount: rows } },
  };
}

const inputOf = ({ namespace, name, ...told }: Dataset) => ({
  namespace,
  name,
  facets: facetsOf(told as Dataset).facets,
});
const outputOf = ({ namespace, name, ...told }: Dataset) => ({ namespace, name, ...facetsOf(told as Dataset) });

/** START and the end of a job; rows and what was asserted come with the end. */
export function eventsOf(job: DemoJob): object[] {
  const { producer, integration, jobType, sql, parent, root, error } = job;
  const eventAt = (atMs: number, eventType: string, runFacets: object) => ({
    eventType,
    eventTime: new Date(atMs).toISOString(),
    producer,
    schemaURL: `${schemas}/2-0-2/OpenLineage.json#/$defs/RunEvent`,
    run: {
      runId: job.runId,
      facets: {
        ...job.runFacets,
        ...(parent ? { parent: { ...refOf(parent), ...(root ? { root: refOf(root) } : {}) } } : {}),
        ...runFacets,
      },
    },
    job: {
      namespace: job.namespace,
      name: job.name,
      facets: {
        jobType: { integration, jobType, processingType: 'BATCH' },
        ...(sql ? { sql: { query: sql, dialect: 'bigquery' } } : {}),
      },
    },
  });
  const errorMessage = error ? { errorMessage: { message: error, programmingLanguage: 'sql' } } : {};
  return [
    { ...eventAt(job.startMs, 'START', {}), inputs: [], outputs: [] },
    {
      ...eventAt(job.endMs, job.end, errorMessage),
      inputs: (job.inputs ?? []).map(inputOf),
      outputs: (job.outputs ?? []).map(outputOf),
    },
  ];
}
