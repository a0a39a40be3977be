/** What hostile texts aim at. In the proof these are real datasets and files with canaries in them. */

export type Targets = {
  project: string;
  /** The customer's own dataset and that of its views. */
  own: string;
  desk: string;
  /** Other datasets of the project, each with the table `table`. */
  foreign: readonly string[];
  table: string;
  /** A readable file of the machine, CSV with a header, and its folder. */
  file: string;
  folder: string;
};

/** One kind of attack. */
export type HostileGroup = {
  name: string;
  /** What the texts try, in a sentence. */
  about: string;
  texts: (targets: Targets) => readonly string[];
  /** The text layer may let texts of this group pass: they read own tables only, whatever they look like. */
  readsOwnOnly?: true;
};

/** Each name with each sentence. */
export const each = (names: readonly string[], ...sentences: ((name: string) => string)[]): string[] =>
  sentences.flatMap(sentence => names.map(sentence));

/** Targets of tests that run nothing. */
export const exampleTargets: Targets = {
  project: 'tenantry-local',
  own: 'acme_data_ab12cd',
  desk: 'acme_data_ab12cd_desk',
  foreign: [
    'globex_x9y8z7',
    'globex_x9y8z7_desk',
    'globex_x9y8z7_agent',
    'globex_x9y8z7_web_shop',
    'customers',
    'acme_data_ab12cd_',
  ],
  table: 'pipeline_runs',
  file: '/var/lib/canary/secrets.csv',
  folder: '/var/lib/canary',
};
