import type { LogIndex } from '../../api/types.js';
import { bytesOf, counted, countOf } from '../../lib/format.js';
import { CopyButton } from '../notices.js';
import { Popover } from '../popover.js';

const SHORT = 12;

/** Lines, bytes, and whether the record has all of the log, with the digests that the agent reported. */
export function LogFacts({ index, total }: { index: LogIndex | undefined; total: number }) {
  const written = index?.streams.filter(({ bytes }) => bytes > 0) ?? [];
  const sum = written[0]?.sha256;
  return (
    <div className="log__facts small">
      <span>{counted(total, 'line')}</span>
      {index && <span className="muted">{bytesOf(index.bytes)}</span>}
      {index?.state === 'live' && <span className="muted">Live</span>}
      {index?.state === 'incomplete' && <span className="log__bad">Not whole</span>}
      {index?.state === 'complete' && (
        <Popover icon="done" label={written.length === 1 && sum ? `Whole, sha256 ${sum.slice(0, SHORT)}…` : 'Whole'}>
          <div className="log__digests">
            <p>The record has every byte that the job wrote.</p>
            {written.map(({ stream, bytes, lines, sha256 }) => (
              <div key={stream}>
                <strong>{stream}</strong> {countOf(bytes)} bytes, {counted(lines, 'line')}
                {sha256 && (
                  <div className="log__digest">
                    <code>{sha256}</code>
                    <CopyButton text={sha256} label={`Copy the SHA-256 of ${stream}`} />
                  </div>
                )}
              </div>
            ))}
          </div>
        </Popover>
      )}
    </div>
  );
}

/** Where output is missing, each place in a sentence. */
export function Gaps({ gaps }: { gaps: LogIndex['gaps'] }) {
  if (gaps.length === 0) return null;
  return (
    <div className="notice notice--bad" role="note">
      {gaps.map((gap) => (
        <span key={`${gap.stream} ${gap.reason}`}>{sayGap(gap)}</span>
      ))}
    </div>
  );
}

function sayGap({ stream, offset, bytes, reason }: LogIndex['gaps'][number]): string {
  if (reason === 'lost') return 'The node was lost while the job ran: the end of the log may be missing.';
  if (reason === 'incomplete') return 'The job wrote other bytes than the record has: a part of the log is missing.';
  const size = bytes === null ? 'Output' : `${countOf(bytes)} bytes`;
  return `${size} of ${stream} after byte ${countOf(offset ?? 0)} ${bytes === null ? 'was' : 'were'} dropped: the project may keep no more log.`;
}
