import { DEFAULT_PROJECT, type Caller, type Owned } from '@drover/domain';
import { ownerOf, type Principal } from './principal.js';
import { can, isAcross } from './roles.js';

/** A job that asks with the token of its execution. */
export interface Execution {
  execution_id: string;
  job_id: string;
}

/**
 * The one policy over objects. Every service asks it with the object in hand:
 *
 * - operators and admins read and change the objects of every project;
 * - a viewer or submitter reads the objects of its own project; to it, others do not exist;
 * - a submitter changes what it owns;
 * - an agent reads and changes the jobs that were handed out to it; whoever reports an observed job goes on reporting it;
 * - a job may be asked about with the token of its open execution; the guard lets it ask for its metrics and artifacts
 *   alone;
 * - secrets (standard input, webhook tokens) are shown to the owner, to operators, and to the agent that runs the job.
 */
export function callerOf(principal: Principal, execution: Execution | null, address: string | null): Caller {
  const { permissions } = principal;
  const name = ownerOf(principal);
  const home = permissions?.project ?? DEFAULT_PROJECT;
  const role = execution ? 'job' : (permissions?.role ?? 'nobody');
  const across = permissions !== null && isAcross(permissions.role);
  const holds = permissions !== null && (permissions.role === 'agent' || can(permissions.role, 'submit'));
  const isHeld = (object: Owned): boolean => holds && object.kind === 'job' && object.holder === name;
  const isInProject = (object: Owned): boolean =>
    permissions !== null && can(permissions.role, 'read') && object.project === home;
  const owns = (object: Owned): boolean => isInProject(object) && object.owner === name;
  const isItself = (object: Owned): boolean =>
    execution !== null && object.kind === 'job' && object.id === execution.job_id;
  return {
    name,
    role,
    address,
    home,
    scope: across ? null : home,
    mayRead: (object) => across || isInProject(object) || isHeld(object) || isItself(object),
    mayReadSecrets: (object) => across || owns(object) || isHeld(object),
    mayControl: (object) =>
      across || isHeld(object) || (owns(object) && permissions !== null && can(permissions.role, 'submit')),
  };
}

/** The caller where nobody is asked for a login: every object is theirs. */
export function openCaller(principal: Principal, address: string | null): Caller {
  const yes = (): boolean => true;
  return {
    name: ownerOf(principal),
    role: principal.permissions?.role ?? 'nobody',
    address,
    home: principal.permissions?.project ?? DEFAULT_PROJECT,
    scope: null,
    mayRead: yes,
    mayReadSecrets: yes,
    mayControl: yes,
  };
}
