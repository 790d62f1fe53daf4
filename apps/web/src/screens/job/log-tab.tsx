import { lazy, Suspense, type ComponentProps } from 'react';
import { Link } from 'react-router';
import { useAddress } from '../../lib/address.js';
import { Icon } from '../../ui/icons.js';
import type JobLog from '../../ui/log/job-log.js';
import { Bones } from '../../ui/notices.js';

const Log = lazy(() => import('../../ui/log/job-log.js'));

/** The whole log of a job, within its screen. */
export function LogTab(props: Pick<ComponentProps<typeof JobLog>, 'job' | 'onMoment'>) {
  const { search, hash } = useAddress();
  return (
    <div className="job__log">
      <Suspense fallback={<Bones rows={10} />}>
        <Log {...props}>
          <Link className="button" to={{ pathname: `/jobs/${props.job.id}/log`, search: search.toString(), hash }}>
            <Icon name="right" size={14} /> Full page
          </Link>
        </Log>
      </Suspense>
    </div>
  );
}
