import { useArtifacts } from '../../api/jobs.js';
import { bytesOf } from '../../lib/format.js';
import { Bones, Empty, FaultNotice } from '../../ui/notices.js';
import { Ago } from '../../ui/time.js';

/** The files that a job left, each to be downloaded. */
export function Artifacts({ id }: { id: string }) {
  const { data, error, refetch } = useArtifacts(id);
  if (error) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Bones rows={3} />;
  if (data.length === 0)
    return (
      <Empty title="This job left no artifact.">
        <p>A job leaves the files that its patterns name, for example when it is submitted with</p>
        <code>drover submit --artifact 'out/**/*.xml' -- make test</code>
      </Empty>
    );
  return (
    <div className="scroll-x">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col" className="number">
              Size
            </th>
            <th scope="col">SHA-256</th>
            <th scope="col">Created</th>
          </tr>
        </thead>
        <tbody>
          {data.map(({ path, url, size, sha256, created_at: at }) => (
            <tr key={`${path} ${sha256}`}>
              <td>
                <a href={url} download={path.split('/').at(-1)}>
                  {path}
                </a>
              </td>
              <td className="number">{bytesOf(size)}</td>
              <td>
                <code title={sha256}>{sha256.slice(0, 12)}</code>
              </td>
              <td>
                <Ago at={at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
