import { Dialog } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { useDeferredValue, useState } from 'react';
import { useNavigate } from 'react-router';
import { useAlarms } from '../api/alarms.js';
import { api, take } from '../api/client.js';
import { useNodes } from '../api/nodes.js';
import { useQueues } from '../api/queues.js';
import { useMay } from '../api/session.js';
import { useTargets } from '../api/targets.js';
import { commandLine } from '../lib/shell.js';
import { useDebounced } from '../lib/use-debounced.js';
import { Icon, type IconName } from '../ui/icons.js';
import { StateMark } from '../ui/state.js';
import { SCREENS } from './screens.js';

/** Jobs and profiles are looked for from this many characters on. */
const FEWEST = 2;
const MOST_FOUND = 8;
/** The API searches profiles once typing has paused for so long. */
const PAUSE_MS = 250;
const MOST_OF_A_KIND = 200;

/** Finds a screen, a queue, a node, an alarm, a target, or a job and a profile by id, name or command, and goes there. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const may = useMay();
  const go = (path: string): void => {
    onClose();
    void navigate(path);
  };
  const places = SCREENS.flatMap(({ path, nav }) => (nav && (!nav.needs || may(nav.needs)) ? [{ path, ...nav }] : []));
  const groups = useGroups();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="shade" />
        <Dialog.Popup className="dialog palette" aria-label="Find anything">
          <Command loop label="Find anything">
            <Command.Input
              className="palette__input"
              placeholder="A screen, job, queue or node; an alarm, target or profile"
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
              {groups.map(({ heading, kind, icon, found }) => (
                <Command.Group key={kind} heading={heading}>
                  {found.slice(0, MOST_OF_A_KIND).map(({ id, name, to }) => (
                    <Command.Item key={id} value={`${kind} ${name} ${id}`} onSelect={() => go(to)}>
                      <Icon name={icon} /> <span className="cut">{name}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              ))}
              <Profiles text={text.trim()} onOpen={(job) => go(`/profiles?q=${encodeURIComponent(job)}`)} />
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface Kind {
  heading: string;
  /** The word that finds all of the kind. */
  kind: string;
  icon: IconName;
  found: readonly { id: string; name: string; to: string }[];
}

/** Everything beside screens and jobs that has a name. */
function useGroups(): readonly Kind[] {
  const { data: queues = [] } = useQueues();
  const { data: nodes = [] } = useNodes();
  const { data: alarms = [] } = useAlarms();
  const { data: targets = [] } = useTargets();
  const named = (path: string, all: readonly { name: string }[]) =>
    all.map(({ name }) => ({ id: name, name, to: `${path}${encodeURIComponent(name)}` }));
  return [
    { heading: 'Queues', kind: 'queue', icon: 'queues', found: named('/jobs?queue=', queues) },
    { heading: 'Nodes', kind: 'node', icon: 'nodes', found: named('/nodes?node=', nodes) },
    {
      heading: 'Alarms',
      kind: 'alarm',
      icon: 'alarms',
      found: alarms.map(({ id, name }) => ({ id, name, to: `/alarms/${id}` })),
    },
    {
      heading: 'Targets',
      kind: 'target',
      icon: 'targets',
      found: targets.map(({ id, address }) => ({ id, name: address, to: `/targets?target=${id}` })),
    },
  ];
}

function Jobs({ text, onOpen }: { text: string; onOpen: (id: string) => void }) {
  const q = useDeferredValue(text);
  const { data } = useQuery({
    queryKey: ['palette', q],
    enabled: q.length >= FEWEST,
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/jobs', { params: { query: { q: q.slice(0, 200), limit: MOST_FOUND } }, signal })),
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

function Profiles({ text, onOpen }: { text: string; onOpen: (job: string) => void }) {
  const q = useDebounced(text, PAUSE_MS);
  const { data } = useQuery({
    queryKey: ['palette', 'profiles', q],
    enabled: q.length >= FEWEST,
    queryFn: ({ signal }) =>
      take(api.GET('/api/v1/profiles', { params: { query: { q: q.slice(0, 200), limit: MOST_FOUND } }, signal })),
  });
  if (q !== text || !data || data.profiles.length === 0) return null;
  return (
    <Command.Group heading="Profiles">
      {data.profiles.map(({ job, name, command }) => (
        <Command.Item key={job} value={`profile ${q} ${job}`} onSelect={() => onOpen(job)}>
          <Icon name="profiles" />
          <span className="cut">{(name ?? command) || job}</span>
          <span className="muted mono">{job.slice(-8)}</span>
        </Command.Item>
      ))}
    </Command.Group>
  );
}
