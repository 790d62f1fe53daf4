import { Link } from 'react-router';

const NODE = 'Node: ';
const JOB = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The thing that an alarm is about, as a link: a job, a node, or the whole of Drover. */
export function EntryLink({ entry, name }: { entry: string; name: string | null }) {
  if (entry.startsWith(NODE)) {
    const node = entry.slice(NODE.length);
    return <Link to={`/nodes?node=${encodeURIComponent(node)}`}>{node}</Link>;
  }
  if (!JOB.test(entry)) return <span>{entry}</span>;
  return (
    <Link to={`/jobs/${entry}`} title={entry}>
      {name ?? `job …${entry.slice(-8)}`}
    </Link>
  );
}
