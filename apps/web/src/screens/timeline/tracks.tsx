import { memo } from 'react';
import { Link } from 'react-router';
import type { Timeline, TimelineBar } from '../../api/types.js';
import { exactOf, spanOf } from '../../lib/time.js';
import { bucketWords, lanesOf, sharesOf, toneOf, type NodeLanes } from './lanes.js';
import { placeOf, type View } from './scale.js';

/** A bar is drawn at least so wide, in percent: otherwise one of a second is not seen in a day. */
const THINNEST = 0.15;

const keyOf = ({ from, job }: TimelineBar): string => `${from} ${job?.execution_id ?? ''}`;

interface TracksProps {
  timeline: Timeline;
  view: View;
  now: number;
}

/** The nodes, one below the other: names at the left, what ran on their slots at the right. */
export function Tracks({ timeline, view, now }: TracksProps) {
  return (
    <ul className="tracks">
      {lanesOf(timeline).map((node) => (
        <NodeTracks key={node.name} node={node} view={view} now={now} />
      ))}
    </ul>
  );
}

function NodeTracks({ node, view, now }: { node: NodeLanes; view: View; now: number }) {
  return (
    <li className="tracks__node">
      <Link className="tracks__name cut" to={`/nodes?node=${encodeURIComponent(node.name)}`} title={node.name}>
        {node.name}
      </Link>
      <div className="tracks__lanes">
        {(['drained', 'offline', 'lost'] as const).flatMap((why) =>
          node[why].map((period) => (
            <Away key={`${why} ${period.from}`} why={why} period={period} view={view} now={now} />
          )),
        )}
        {node.lanes.map((lane, at) => (
          <div key={at} className="tracks__lane">
            {lane.map((bar) =>
              bar.to === null ? (
                <Running key={keyOf(bar)} bar={bar} view={view} now={now} />
              ) : (
                <Bar key={keyOf(bar)} bar={bar} to={Date.parse(bar.to)} from={view.from} until={view.to} />
              ),
            )}
          </div>
        ))}
        {node.buckets.length > 0 && <Buckets node={node} view={view} />}
      </div>
    </li>
  );
}

const WHY = { drained: 'Drained', offline: 'Offline', lost: 'Lost' } as const;

interface AwayProps {
  why: keyof typeof WHY;
  period: Timeline['lost'][number];
  view: View;
  now: number;
}

/** A time in which the node took no work, shaded behind its lanes. */
function Away({ why, period, view, now }: AwayProps) {
  const from = Date.parse(period.from);
  const to = period.to === null ? null : Date.parse(period.to);
  const place = placeOf(from, to ?? now, view, THINNEST);
  if (!place) return null;
  const words = `${WHY[why]} for ${spanOf((to ?? now) - from)}, from ${exactOf(from)}`;
  return <span className="tracks__away" data-why={why} role="img" aria-label={words} title={words} style={place} />;
}

function Running({ bar, view, now }: { bar: TimelineBar; view: View; now: number }) {
  const expected = bar.expected_end === null ? null : Date.parse(bar.expected_end);
  const place = expected !== null && expected > now ? placeOf(now, expected, view) : null;
  return (
    <>
      <Bar bar={bar} to={now} from={view.from} until={view.to} />
      {place && expected !== null && (
        <span className="tracks__expected" title={`Expected to end in ${spanOf(expected - now)}`} style={place} />
      )}
    </>
  );
}

/** Times of the view stand apart, so that a bar that has ended is drawn anew only when the view moves. */
const Bar = memo(function Bar({ bar, to, from, until }: { bar: TimelineBar; to: number; from: number; until: number }) {
  const begin = Date.parse(bar.from);
  const place = placeOf(begin, to, { from, to: until }, THINNEST);
  if (!place) return null;
  const length = spanOf(to - begin);
  const { job, outcome } = bar;
  if (job === null)
    return (
      <span className="tracks__bar tracks__bar--theirs" title={`A job of another project, ${length}`} style={place} />
    );
  const words = `${job.name ?? job.id}, ${outcome}, ${length}, of ${job.owner} in ${job.queue}`;
  return (
    <Link
      className="tracks__bar"
      to={`/jobs/${job.id}`}
      data-tone={toneOf(outcome)}
      title={words}
      aria-label={words}
      style={place}
    />
  );
});

/** A period of many executions: the height says how busy the node was, the colours how they ended. */
function Buckets({ node: { name, slots, buckets }, view }: { node: NodeLanes; view: View }) {
  const whole = Math.max(1, slots, ...buckets.map(({ busy }) => busy));
  return (
    <div className="tracks__buckets" role="group" aria-label={`Parts of the period on ${name}`}>
      {buckets.map((bucket) => {
        const place = placeOf(Date.parse(bucket.from), Date.parse(bucket.to), view);
        if (!place) return null;
        const words = `${exactOf(Date.parse(bucket.from))}: ${bucketWords(bucket)}`;
        const height = `${Math.max(8, (bucket.busy / whole) * 100)}%`;
        return (
          <span
            key={bucket.from}
            className="tracks__bucket"
            role="img"
            aria-label={words}
            title={words}
            style={{ ...place, height }}
          >
            {sharesOf(bucket).map(({ tone, count }) => (
              <span key={tone} data-tone={tone} style={{ flexGrow: count }} />
            ))}
          </span>
        );
      })}
    </div>
  );
}
