import type { V1Payload } from '@drover/dialects/v1-jobs';
import type { Resources, Submission } from '@drover/domain';
import type { FluxSubmission } from './submission.js';

/** Only what asks for more than one slot: a plain job takes the quick way. */
function resourcesOf(wanted: FluxSubmission): Resources | undefined {
  const resources: Resources = {
    ...(wanted.num_tasks > 1 ? { tasks: wanted.num_tasks } : {}),
    ...(wanted.cores_per_task > 1 ? { cpus_per_task: wanted.cores_per_task } : {}),
    ...(wanted.gpus_per_task === null ? {} : { gpus_per_task: wanted.gpus_per_task }),
    ...((wanted.num_nodes ?? 1) > 1 ? { nodes: wanted.num_nodes as number } : {}),
    ...(wanted.exclusive ? { exclusive: true } : {}),
  };
  return Object.keys(resources).length > 0 ? resources : undefined;
}

export function toSubmission(wanted: FluxSubmission, id: string, owner: string, queue: string): Submission {
  const resources = resourcesOf(wanted);
  const payload: V1Payload = {
    flux: {
      ...(Object.keys(wanted.option_flags).length > 0 ? { option_flags: wanted.option_flags } : {}),
      ...(wanted.is_launcher ? { launcher: true } : {}),
    },
  };
  return {
    queue,
    name: (wanted.argv[0] ?? '').split('/').at(-1)?.slice(0, 1_000) || null,
    owner,
    dialect: 'flux',
    spec: {
      command: wanted.argv,
      env: {
        FLUX_JOB_ID: id,
        FLUX_JOB_SIZE: String(wanted.num_tasks),
        FLUX_JOB_NNODES: String(wanted.num_nodes ?? 1),
        ...wanted.envars,
      },
      ...(wanted.workdir === null ? {} : { workdir: wanted.workdir }),
      ...(resources ? { resources } : {}),
      ...(wanted.runtime > 0 ? { limits: { runtime_s: wanted.runtime } } : {}),
    },
    payload: payload as Record<string, unknown>,
    external_ids: [id],
  };
}
