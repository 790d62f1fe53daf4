import type { Cause } from '@drover/domain';

interface CauseText {
  /** The meaning: what has happened, as one sentence. */
  meaning: string;
  /** The remedy: what helps, as one sentence; null: there is nothing to name. */
  remedy: string | null;
}

/** Every cause in words: `explain` tells the remedy of a job that has ended, docs/reference/causes.md has the table. */
export const CAUSE_TEXTS: Readonly<Record<Cause, CauseText>> = {
  exit_code: {
    meaning: 'The command ended with an exit code other than 0.',
    remedy: 'Its output says more: GET …/logs.',
  },
  signal: { meaning: 'A signal ended the command, and Drover did not send it.', remedy: null },
  timeout: {
    meaning: 'The job ran for longer than its limit.',
    remedy: 'Raise limits.runtime_s, or make it quicker.',
  },
  silence: {
    meaning: 'The job printed nothing for longer than its limit.',
    remedy: 'Raise limits.silence_s, or let it print something now and then.',
  },
  output_limit: {
    meaning: 'The job printed more than its limit.',
    remedy: 'Raise limits.output_bytes, or print less.',
  },
  oom: {
    meaning: 'The kernel ended a process of the job, because the job used more memory than it may.',
    remedy: 'Ask for more memory (resources.memory_mb), or use less.',
  },
  cancelled: { meaning: 'Somebody, an alarm or a dialect cancelled the job.', remedy: null },
  agent_lost: {
    meaning: 'The nodes that ran the job were lost, as often as a job may lose its node.',
    remedy: 'It is believed to bring its nodes down; look at it before a retry.',
  },
  disk_full: {
    meaning: 'The disk of the node had no room for the output of the job.',
    remedy: "Free space on the node's data folder, then retry.",
  },
  spawn_error: {
    meaning: 'The command could not be started: it, its working folder or its image is not there, or may not be used.',
    remedy: 'Correct the command, the workdir or the image.',
  },
  expired: {
    meaning: 'The job had not started at its time of expiry.',
    remedy: 'Submit it again with a later expires_at.',
  },
  dependency_failed: {
    meaning: 'A job that this one depends on has ended otherwise than well.',
    remedy: 'Repair the job it depends on, then retry both.',
  },
  refused: {
    meaning: 'The agent that took the job said that it cannot run it.',
    remedy: 'Submit it to a queue whose agents can run it.',
  },
};
