import './targets.css';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMay } from '../../api/session.js';
import { useRemoveTarget, useTargets } from '../../api/targets.js';
import type { Target } from '../../api/types.js';
import { useAddress } from '../../lib/address.js';
import { countOf, counted } from '../../lib/format.js';
import { useTitle } from '../../lib/use-title.js';
import { Dialog } from '../../ui/dialog.js';
import { Bones, CommandLine, Empty, FaultNotice } from '../../ui/notices.js';
import { Mark, type Tone } from '../../ui/state.js';
import { Ago } from '../../ui/time.js';
import { say, sayFault } from '../../ui/toast.js';
import { AddForm } from './add-form.js';

const TONES: Readonly<Record<Target['health'], Tone>> = { up: 'good', down: 'bad', unknown: 'off' };

/** The list of scrape targets with their health and last errors; those who may add and remove some. */
export default function Targets() {
  useTitle('Targets');
  const { data, error, refetch } = useTargets();
  const chosen = useAddress().search.get('target');
  const shown = data?.filter(({ id }) => chosen === null || id === chosen);
  const mayChange = useMay()('operate');
  const [asks, setAsks] = useState<Target | null>(null);
  return (
    <div className="screen">
      <header className="screen__head">
        <h1>Scrape targets</h1>
        {chosen !== null && (
          <Link className="button" to="/targets">
            Show all targets
          </Link>
        )}
      </header>
      {mayChange && <AddForm />}
      {error && !data && <FaultNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Bones />}
      {data?.length === 0 && chosen === null && (
        <Empty title="Nothing is scraped.">
          <p>A target is an exporter of Prometheus, a metric proxy or another Drover. Its counters join the sums.</p>
          <CommandLine
            text={`curl -s ${location.origin}/api/v1/scrape-targets -H 'Content-Type: application/json' -d '{"address":"localhost:9100"}'`}
          />
        </Empty>
      )}
      {chosen !== null && shown?.length === 0 && <Empty title="There is no such target any more." />}
      {shown && shown.length > 0 && (
        <div className="panel scroll-x">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Target</th>
                <th scope="col">Health</th>
                <th scope="col">Last scrape</th>
                <th scope="col" className="number">
                  Samples
                </th>
                <th scope="col" className="number">
                  Every
                </th>
                <th scope="col">For</th>
                <th scope="col">Last error</th>
                <th scope="col">Owner</th>
                <th scope="col">
                  <span className="unseen">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((target) => (
                <Row key={target.id} target={target} onRemove={mayChange ? () => setAsks(target) : null} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {asks && <RemoveDialog target={asks} onClose={() => setAsks(null)} />}
    </div>
  );
}

function Row({ target, onRemove }: { target: Target; onRemove: (() => void) | null }) {
  const { address, url, kind, health, failures, job, owner } = target;
  return (
    <tr>
      <th scope="row" className="targets__address" title={url}>
        {address} <span className="muted small">{kind === 'proxy' ? 'metric proxy' : 'exporter'}</span>
      </th>
      <td className="cell-line">
        <Mark tone={TONES[health]}>{health}</Mark>{' '}
        {failures > 0 && <span className="muted small">{counted(failures, 'failure')} in a row</span>}
      </td>
      <td className="cell-line">
        <Ago at={target.last_scrape_at} />
        {target.last_duration_ms !== null && <span className="muted small"> in {target.last_duration_ms} ms</span>}
      </td>
      <td className="number">{countOf(target.series)}</td>
      <td className="number cell-line">{target.period_s} s</td>
      <td>
        {job === null ? (
          <span className="muted">everything</span>
        ) : (
          <Link to={`/jobs/${encodeURIComponent(job)}`}>{job.slice(-12)}</Link>
        )}
        {target.keep && <span className="muted small">, kept when it fails</span>}
      </td>
      <td className="targets__error">{target.last_error ?? <span className="muted">–</span>}</td>
      <td>{owner}</td>
      <td className="number">
        {onRemove && (
          <button type="button" className="button button--danger" aria-label={`Remove ${address}`} onClick={onRemove}>
            Remove
          </button>
        )}
      </td>
    </tr>
  );
}

/** Asks before a target is removed, and says what stays. */
function RemoveDialog({ target, onClose }: { target: Target; onClose: () => void }) {
  const remove = useRemoveTarget();
  const confirm = (): void =>
    remove.mutate(target, {
      onSuccess: () => say(`${target.address} is scraped no more.`),
      onError: sayFault,
      onSettled: onClose,
    });
  return (
    <Dialog
      title="Remove this target?"
      onClose={onClose}
      foot={
        <>
          <button type="button" className="button" onClick={onClose}>
            Keep it
          </button>
          <button type="button" className="button button--main" disabled={remove.isPending} onClick={confirm}>
            Remove the target
          </button>
        </>
      }
    >
      <p className="targets__asked">{target.address} is scraped no more. What it has counted stays in the sums.</p>
    </Dialog>
  );
}
