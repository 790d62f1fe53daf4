import { Dialog } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { useDeferredValue, useState } from 'react';
import { useNavigate } from 'react-router';
import { api, take } from '../api/client.js';
import { useNodes } from '../api/nodes.js';
import { useQueues } from '../api/queues.js';
import { useMay } from '../api/session.js';
import { commandLine } from '../lib/shell.js';
import { Icon } from '../ui/icons.js';
import { StateMark } from '../ui/state.js';
import { SCREENS } from './screens.js';

/** Jobs are looked for from this many characters on. */
const FEWEST = 2;
const MOST_JOBS = 8;

/** Finds a screen, a queue, a node, or a job by its id, name or command, and goes there. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const may = useMay();
  const go = (path: string): void => {
    onClose();
    void navigate(path);
  };
  const places = SCREENS.flatMap(({ path, nav }) => (nav && (!nav.needs || may(nav.needs)) ? [{ path, ...nav }] : []));
  const queues = useQueues().data ?? [];
  const nodes = useNodes().data ?? [];
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="shade" />
        <Dialog.Popup className="dialog palette" aria-label="Find anything">
          <Command loop label="Find anything">
            <Command.Input
              className="palette__input"
              placeholder="A screen, job, queue or node"
              value={text}
              onValueChange={setText}
              autoFocus
            />
            <Command.List className="palette__list" label="What was found">
              <Command.Empty className="palette__empty muted">Nothing is called so.</Command.Empty>
              <Command.Group heading="Screens">
                {places.map(({ path, label, icon }) => (
                  <Command.Item key={path} value={`screen ${label}`} onSelect={() => go(path)}>
                    <Icon name={icon} /> {label}
                  </Command.Item>
                ))}
              </Command.Group>
              <Jobs text={text.trim()} onOpen={(id) => go(`/jobs/${id}`)} />
              <Command.Group heading="Queues">
                {queues.slice(0, 200).map(({ name }) => (
                  <Command.Item
                    key={name}
                    value={`queue ${name}`}
                    onSelect={() => go(`/jobs?queue=${encodeURIComponent(name)}`)}
                  >
                    <Icon name="queues" /> <span className="cut">{name}</span>
                  </Command.Item>
                ))}
              </Command.Group>
              <Command.Group heading="Nodes">
                {nodes.slice(0, 200).map(({ name }) => (
                  <Command.Item
                    key={name}
                    value={`node ${name}`}
                    onSelect={() => go(`/nodes?node=${encodeURIComponent(name)}`)}
                  >
                    <Icon name="nodes" /> <span className="cut">{name}</span>
                  </Command.Item>
                ))}
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Jobs({ text, onOpen }: { text: string; onOpen: (id: string) => void }) {
  const q = useDeferredValue(text);
  const { data } = useQuery({
    queryKey: ['palette', q],
    enabled: q.length >= FEWEST,
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/jobs', { params: { query: { q: q.slice(0, 200), limit: MOST_JOBS } }, signal })),
  });
  if (q.length < FEWEST || !data || data.jobs.length === 0) return null;
  return (
    <Command.Group heading="Jobs">
      {data.jobs.map((job) => (
        // The API found it: what was typed is part of its value, so that it is not sorted out again.
        <Command.Item key={job.id} value={`job ${q} ${job.id}`} onSelect={() => onOpen(job.id)}>
          <StateMark state={job.state} />
          <span className="cut">{job.name ?? commandLine(job.command)}</span>
          <span className="muted mono">{job.id.slice(-8)}</span>
        </Command.Item>
      ))}
    </Command.Group>
  );
}
