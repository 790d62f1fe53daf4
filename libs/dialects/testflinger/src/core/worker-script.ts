import { randomBytes } from 'node:crypto';
import { PHASES, type Phase } from './job-states.js';

/** Larger documents are not laid beside the commands as testflinger.json. */
const MAX_DOCUMENT = 64 * 1024;
/** Exit code of a list of commands of which one failed: what the lab's own agents say. */
const A_COMMAND_FAILED = 4;

type Document = Record<string, unknown>;

/** The commands a job gives for a phase: `<phase>_data.<phase>_cmds`, one text or a list. */
function commandsOf(document: Document, phase: Phase): string | string[] | null {
  const data = document[`${phase}_data`];
  if (typeof data !== 'object' || data === null) return null;
  const commands = (data as Document)[`${phase}_cmds`];
  if (typeof commands === 'string' && commands !== '') return commands;
  return Array.isArray(commands) && commands.length > 0 ? commands.map(String) : null;
}

/** The data of a phase is there and does not say that it is to be skipped. */
function wanted(document: Document, phase: Phase): boolean {
  const data = document[`${phase}_data`];
  return (
    typeof data === 'object' && data !== null && Object.keys(data).length > 0 && (data as Document)['skip'] !== true
  );
}

/** A file of any text, whatever is in it. */
function file(path: string, text: string): string {
  const end = `DROVER_${randomBytes(12).toString('hex')}`;
  return `cat > ${path} <<'${end}'\n${text}\n${end}\n`;
}

/**
 * A shell script that runs the phases of a job as a lab agent would, for Drover's own workers: both streams in one, a
 * banner before each phase and a line with its exit code after it (`readMarks` reads them), the archive of `artifacts/`
 * at the end. A phase that fails ends the job, but for `test`, after which allocate and reserve still run; cleanup
 * always runs. The script's exit code is that of the first phase that failed.
 *
 * Secrets (by name of the variable) are for the test phase alone: they come in `env` under names of their own, which
 * the script takes out of the environment first.
 */
export function workerScript(
  document: Document,
  options: { attachments: boolean; ref: string; secrets?: Record<string, string> },
): { command: string; env: Record<string, string> } {
  const secrets = Object.entries(options.secrets ?? {});
  const { secrets: _, ...testData } = (document['test_data'] ?? {}) as Document;
  const shown = JSON.stringify({
    ...document,
    ...(document['test_data'] === undefined ? {} : { test_data: testData }),
    job_id: options.ref,
  });
  const parts = [
    PROLOGUE,
    ...secrets.map((_entry, at) => `drover_tf_secret_${at}="$${variableOf(at)}"\nunset ${variableOf(at)}\n`),
  ];
  if (shown.length <= MAX_DOCUMENT) parts.push(file('testflinger.json', shown));
  if (options.attachments)
    parts.push(`fetch_attachments "$DROVER_API_URL/v1/job/${encodeURIComponent(options.ref)}/attachments" || exit 1\n`);
  for (const phase of PHASES) {
    const commands = commandsOf(document, phase);
    const condition =
      phase === 'cleanup'
        ? 'true'
        : phase === 'allocate' || phase === 'reserve'
          ? '[ "$stop" -eq 0 ]'
          : '[ "$first" -eq 0 ]';
    if (!wanted(document, phase)) continue;
    if (commands === null) {
      parts.push(`if ${condition}; then begin ${phase}; echo "No ${phase}_command configured, skipping..."; fi\n`);
      continue;
    }
    const script = `./tf_cmd_script_${phase}`;
    parts.push(file(script, scriptOf(commands)), `chmod 700 ${script}\n`);
    const exports =
      phase === 'test' ? secrets.map(([name], at) => `export ${name}="$drover_tf_secret_${at}"; `).join('') : '';
    parts.push(`if ${condition}; then begin ${phase}; (${exports}exec ${script}); end ${phase} "$?"; fi\n`);
  }
  parts.push(EPILOGUE);
  return { command: parts.join(''), env: Object.fromEntries(secrets.map(([, value], at) => [variableOf(at), value])) };
}

const variableOf = (at: number): string => `DROVER_TESTFLINGER_SECRET_${at}`;

function scriptOf(commands: string | string[]): string {
  if (typeof commands === 'string') return commands.startsWith('#!') ? commands : `#!/usr/bin/env bash\n${commands}`;
  const lines = commands.map((command) => {
    const quoted = `'${command.replaceAll("'", "'\\''")}'`;
    return `printf 'Running: %s\\n' ${quoted}\n/bin/sh -c ${quoted}\nrc=$?\n[ "$rc" -eq 0 ] || { printf 'Command failed, rc=%s\\n' "$rc"; code=${A_COMMAND_FAILED}; }\n`;
  });
  return `#!/bin/sh\ncode=0\n${lines.join('')}exit "$code"`;
}

const PROLOGUE = `exec 2>&1
first=0
stop=0
export AGENT_NAME="$DROVER_NODE"
begin() {
  echo "* Starting testflinger $1 phase (execution $DROVER_EXECUTION_ID) *"
}
end() {
  printf '\\n* Ended testflinger %s phase (execution %s): exit code %s *\\n' "$1" "$DROVER_EXECUTION_ID" "$2"
  if [ "$2" -ne 0 ]; then
    [ "$first" -ne 0 ] || first="$2"
    [ "$1" = test ] || stop=1
  fi
}
fetch_attachments() {
  mkdir -p attachments
  if command -v curl >/dev/null; then
    curl -fsS --retry 3 --max-time 600 -H "Authorization: Bearer $DROVER_TOKEN" -o attachments.tar.gz "$1" || return 1
  elif command -v wget >/dev/null; then
    wget -q -T 600 --header "Authorization: Bearer $DROVER_TOKEN" -O attachments.tar.gz "$1" || return 1
  else
    echo 'The attachments cannot be fetched: this node has neither curl nor wget.'
    return 1
  fi
  tar -xzf attachments.tar.gz -C attachments
}
`;

const EPILOGUE = `if [ -d artifacts ] && [ -n "$(ls -A artifacts)" ]; then tar -czf artifact.tar.gz artifacts; fi
exit "$first"
`;

/** A mark of the script in a line of its output. */
export type Mark = { kind: 'begin'; phase: Phase } | { kind: 'end'; phase: Phase; code: number };

const MARK =
  /^\* (Starting|Ended) testflinger ([a-z_]+) phase \(execution ([0-9a-f-]{36})\)(?:: exit code (\d{1,3}))? \*$/;

/** Null: an ordinary line. Marks of other executions are ordinary lines. */
export function readMark(line: string, executionId: string): Mark | null {
  const match = MARK.exec(line);
  const phase = PHASES.find((known) => known === match?.[2]);
  if (!match || !phase || match[3] !== executionId) return null;
  if (match[1] === 'Starting') return match[4] === undefined ? { kind: 'begin', phase } : null;
  return match[4] === undefined ? null : { kind: 'end', phase, code: Number(match[4]) };
}
