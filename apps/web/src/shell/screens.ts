import { lazy, type ComponentType } from 'react';
import type { Ability } from '../api/types.js';
import type { IconName } from '../ui/icons.js';

interface Screen {
  /** Below /ui. */
  path: string;
  screen: ComponentType;
  /** Screens with a place in the side bar; the others are reached from these. */
  nav?: { label: string; icon: IconName; keys: string; needs?: Ability };
}

/**
 * Every screen of the console. Each is loaded when it is first opened: a new one is a line here and a folder in
 * screens.
 */
export const SCREENS: readonly Screen[] = [
  {
    path: '/',
    screen: lazy(() => import('../screens/now/now.js')),
    nav: { label: 'Now', icon: 'now', keys: 'g n' },
  },
  {
    path: '/jobs',
    screen: lazy(() => import('../screens/jobs/jobs.js')),
    nav: { label: 'Jobs', icon: 'jobs', keys: 'g j' },
  },
  { path: '/jobs/:id', screen: lazy(() => import('../screens/job/job.js')) },
  { path: '/jobs/:id/log', screen: lazy(() => import('../screens/log/log.js')) },
  {
    path: '/queues',
    screen: lazy(() => import('../screens/queues/queues.js')),
    nav: { label: 'Queues', icon: 'queues', keys: 'g q' },
  },
  {
    path: '/nodes',
    screen: lazy(() => import('../screens/nodes/nodes.js')),
    nav: { label: 'Nodes', icon: 'nodes', keys: 'g o' },
  },
  {
    path: '/timeline',
    screen: lazy(() => import('../screens/timeline/timeline.js')),
    nav: { label: 'Timeline', icon: 'timeline', keys: 'g t' },
  },
  {
    path: '/alarms',
    screen: lazy(() => import('../screens/alarms/alarms.js')),
    nav: { label: 'Alarms', icon: 'alarms', keys: 'g a' },
  },
  { path: '/alarms/new', screen: lazy(() => import('../screens/alarm/alarm.js')) },
  { path: '/alarms/:id', screen: lazy(() => import('../screens/alarm/alarm.js')) },
  {
    path: '/profiles',
    screen: lazy(() => import('../screens/profiles/profiles.js')),
    nav: { label: 'Profiles', icon: 'profiles', keys: 'g p' },
  },
  { path: '/profiles/compare', screen: lazy(() => import('../screens/compare/compare.js')) },
  {
    path: '/targets',
    screen: lazy(() => import('../screens/targets/targets.js')),
    nav: { label: 'Targets', icon: 'targets', keys: 'g r' },
  },
  {
    path: '/submit',
    screen: lazy(() => import('../screens/submit/submit.js')),
    nav: { label: 'Submit', icon: 'submit', keys: 'g s', needs: 'submit' },
  },
];
