/** The names of figures that Drover itself measures, for people. */
const TITLES: Readonly<Record<string, string>> = {
  wall_s: 'Time it took',
  cpu_seconds: 'CPU time',
  peak_memory_bytes: 'Memory, most',
  read_bytes: 'Read',
  write_bytes: 'Written',
  cpu_percent_mean: 'CPU, mean (100 % is one core)',
  cpu_percent_max: 'CPU, most',
  memory_bytes_mean: 'Memory, mean',
  size: 'Tasks',
  cpu_percent: 'CPU, 100 % is one core',
  memory_bytes: 'Memory',
  read_bytes_per_second: 'Read a second',
  write_bytes_per_second: 'Written a second',
  gpu_percent: 'GPU',
  gpu_memory_bytes: 'Memory of the GPU',
};

/** Whether Drover measures a figure of every job by itself; all others are metrics of the job and its nodes. */
export const isOwn = (name: string): boolean => Object.hasOwn(TITLES, name);

/** The name of a figure for people; a job's own metric is called what the job calls it. */
export const titleOf = (name: string): string => (isOwn(name) ? (TITLES[name] as string) : name);
