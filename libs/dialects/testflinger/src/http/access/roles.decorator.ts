import { SetMetadata } from '@nestjs/common';
import type { Role } from '@drover/access';

/** The roles that may use a route. `always`: also when nobody has to log in. `open`: everybody, always. */
export interface LabRoles {
  roles: readonly Role[];
  always?: boolean;
  open?: boolean;
  /** True: the job itself may call the route too, with the token of its execution. */
  job?: boolean;
}

export const LAB_ROLES = 'testflinger:roles';
const mark = (value: LabRoles) => SetMetadata(LAB_ROLES, value);

const PEOPLE = ['submitter', 'operator', 'admin'] as const;

export const Everybody = () => mark({ roles: [], open: true });
/** Marks a route that anybody with a login may read. */
export const Readers = () => mark({ roles: ['viewer', ...PEOPLE] });
export const ReadersAndAgents = () => mark({ roles: ['viewer', 'agent', ...PEOPLE] });
export const Submitters = () => mark({ roles: PEOPLE });
/** Marks a route by which agents work on jobs. */
export const Agents = (options: { job?: boolean } = {}) => mark({ roles: ['agent'], ...options });
/** Marks a route by which agents describe themselves, and managers describe them. */
export const AgentsAndManagers = () => mark({ roles: ['agent', 'operator', 'admin'] });
export const Managers = () => mark({ roles: ['operator', 'admin'], always: true });
export const Admins = () => mark({ roles: ['admin'], always: true });
