import { useDeliveries } from '../../api/jobs.js';
import { Bones, Empty, FaultNotice } from '../../ui/notices.js';
import { Mark, type Tone } from '../../ui/state.js';
import { Ago } from '../../ui/time.js';

const TONES: Readonly<Record<string, Tone>> = { pending: 'wait', delivered: 'good', failed: 'bad', dropped: 'off' };

/** Webhooks and mails about a job, with every try. */
export function Deliveries({ id }: { id: string }) {
  const { data, error, refetch } = useDeliveries(id);
  if (error) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Bones rows={3} />;
  if (data.length === 0) return <Empty title="Nobody is told of this job: it has no webhook and no mail." />;
  return (
    <div className="scroll-x" role="group" aria-label="Deliveries" tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Event</th>
            <th scope="col">To</th>
            <th scope="col">Tries</th>
            <th scope="col">Last answer</th>
            <th scope="col">Next try</th>
          </tr>
        </thead>
        <tbody>
          {data.map(({ id: key, state, event, target, tries, max_tries: most, log, next_at: next }) => {
            const last = log.at(-1);
            return (
              <tr key={key}>
                <td>
                  <Mark tone={TONES[state] ?? 'off'}>{state}</Mark>
                </td>
                <td>{event}</td>
                <td>{target}</td>
                <td>
                  {tries} of {most}
                </td>
                <td title={last?.body}>{last ? (last.error ?? last.status) : '–'}</td>
                <td>
                  <Ago at={next} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
