/** The columns of a usage row. */
export const USAGE_COLUMNS = `job_id, cpu_percent, memory_bytes, gpu_percent, last_sample_at, sample_count, cpu_count,
    cpu_sum, cpu_max, memory_max, gpu_count, gpu_sum, gpu_max, gpu_devices`;

/** The columns of an increment, as they are read from JSON. */
export const INCREMENT_TYPES = `job_id uuid, cpu_percent real, memory_bytes bigint, gpu_percent real,
    last_sample_at timestamptz, sample_count bigint, cpu_count bigint, cpu_sum double precision, cpu_max real,
    memory_max bigint, gpu_count bigint, gpu_sum double precision, gpu_max real, gpu_devices jsonb`;

/** An increment is not older than the row that is there. */
const IS_NEWER = `excluded.last_sample_at >= coalesce(u.last_sample_at, '-infinity')`;

/** The change that an increment makes to a row `u` of job_usage that is there already. */
export const ADD_UP = `ON CONFLICT (job_id) DO UPDATE
    SET cpu_percent = CASE WHEN ${IS_NEWER} THEN coalesce(excluded.cpu_percent, u.cpu_percent) ELSE u.cpu_percent END,
      memory_bytes = CASE WHEN ${IS_NEWER} THEN coalesce(excluded.memory_bytes, u.memory_bytes) ELSE u.memory_bytes END,
      gpu_percent = CASE WHEN ${IS_NEWER} THEN coalesce(excluded.gpu_percent, u.gpu_percent) ELSE u.gpu_percent END,
      gpu_devices = coalesce(nullif(excluded.gpu_devices, 'null'::jsonb), u.gpu_devices),
      last_sample_at = greatest(u.last_sample_at, excluded.last_sample_at),
      sample_count = u.sample_count + excluded.sample_count,
      cpu_count = u.cpu_count + excluded.cpu_count,
      cpu_sum = u.cpu_sum + excluded.cpu_sum,
      cpu_max = greatest(u.cpu_max, excluded.cpu_max),
      memory_max = greatest(u.memory_max, excluded.memory_max),
      gpu_count = u.gpu_count + excluded.gpu_count,
      gpu_sum = u.gpu_sum + excluded.gpu_sum,
      gpu_max = greatest(u.gpu_max, excluded.gpu_max)`;

/** Adds the increments of $1 (a JSON list) up. */
export const ADD = `INSERT INTO job_usage AS u (${USAGE_COLUMNS})
  SELECT ${USAGE_COLUMNS}
  FROM jsonb_to_recordset($1::jsonb) AS r(${INCREMENT_TYPES})
  ${ADD_UP}`;

/** States what a job ($1) uses now: $2 % of CPU, $3 bytes of memory, $4 % of GPU. Nulls leave what is there. */
export const STATE = `INSERT INTO job_usage AS u (job_id, cpu_percent, memory_bytes, gpu_percent)
  VALUES ($1, $2, $3, $4)
  ON CONFLICT (job_id) DO UPDATE
    SET cpu_percent = coalesce(excluded.cpu_percent, u.cpu_percent),
      memory_bytes = coalesce(excluded.memory_bytes, u.memory_bytes),
      gpu_percent = coalesce(excluded.gpu_percent, u.gpu_percent)`;

/** The usage of these jobs ($1). */
export const OF_JOBS = `SELECT ${USAGE_COLUMNS}
  FROM job_usage
  WHERE job_id = ANY($1::uuid[])`;

/** The last reading of each of these jobs ($1) that is not older than $2 milliseconds. */
export const LATEST = `SELECT job_id, cpu_percent, memory_bytes, gpu_percent
  FROM job_usage
  WHERE job_id = ANY($1::uuid[])
    AND last_sample_at >= now() - $2::double precision * interval '1 millisecond'`;
