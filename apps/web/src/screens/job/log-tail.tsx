import '../../ui/terminal.css';
import './log-tail.css';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { follow } from '../../api/follow.js';
import type { JobDetail } from '../../api/types.js';
import { piecesOf } from '../../lib/terminal.js';
import { Icon } from '../../ui/icons.js';
import { Bones, Empty, FaultNotice } from '../../ui/notices.js';
import { LineCutter, withLines, type LogLine } from './log-lines.js';

/** The last lines that are asked for at first. */
const TAIL = 1_000;
/** Pieces that come within this time are drawn together. */
const TOGETHER_MS = 80;

interface LogPiece {
  stream: LogLine['stream'];
  text?: string;
  base64?: string;
}

/** The end of a job's log, and what comes. It follows until somebody scrolls up. */
export function LogTail({ job }: { job: JobDetail }) {
  const { lines, ended, error } = useTail(job.id, job.execution_id);
  const box = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  useEffect(() => {
    if (follows && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines, follows]);
  if (error) return <FaultNotice error={error} />;
  if (job.execution_id === null)
    return (
      <Empty
        title={
          job.state === 'queued' || job.state === 'scheduled'
            ? 'The job has not started: its log begins with it.'
            : 'The job never ran: it has no log.'
        }
      />
    );
  return (
    <div className="tail">
      <div className="tail__bar">
        <span className="muted small">{ended ? 'Ended' : 'Live'}</span>
        <span className="tail__tools">
          {!follows && (
            <button type="button" className="button" onClick={() => setFollows(true)}>
              <Icon name="down" size={14} /> To the end
            </button>
          )}
          <Link className="button" to={`/jobs/${job.id}/log`}>
            <Icon name="search" size={14} /> Whole log
          </Link>
          <a className="button" href={`/api/v1/jobs/${job.id}/logs`} download={`${job.id}.log`}>
            <Icon name="file" size={14} /> Download
          </a>
        </span>
      </div>
      <div
        ref={box}
        className="tail__box mono"
        tabIndex={0}
        role="log"
        aria-label="Log"
        onScroll={({ currentTarget: at }) => setFollows(at.scrollTop + at.clientHeight >= at.scrollHeight - 24)}
      >
        {lines.length === 0 && (ended ? <p className="muted">The job wrote nothing.</p> : <Bones rows={3} />)}
        {lines.map((line) => (
          <div key={line.at} className="tail__line" data-stream={line.stream}>
            {piecesOf(line.text).map(({ text, look }, at) =>
              look === '' ? (
                text
              ) : (
                <span key={at} className={look}>
                  {text}
                </span>
              ),
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

function useTail(id: string, execution: string | null) {
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const [ended, setEnded] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    setLines([]);
    setEnded(false);
    setError(null);
    if (execution === null) return;
    const stop = new AbortController();
    const cutter = new LineCutter();
    let heard: LogLine[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      timer = undefined;
      const more = heard;
      heard = [];
      setLines((before) => withLines(before, more));
    };
    follow(`/api/v1/jobs/${id}/logs?follow=true&tail=${TAIL}&next=false&execution=${execution}`, {
      signal: stop.signal,
      onEvent: ({ event, data }) => {
        if (event === 'end') setEnded(true);
        if (event !== 'log') return;
        const piece = JSON.parse(data) as LogPiece;
        heard.push(...cutter.push(piece.stream, piece.text ?? decoded(piece.base64 ?? '')));
        timer ??= setTimeout(tell, TOGETHER_MS);
      },
    })
      .then(() => stop.signal.aborted || setEnded(true))
      .catch(setError);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [id, execution]);
  return { lines, ended, error };
}

const decoded = (base64: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
