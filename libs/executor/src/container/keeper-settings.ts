import type { ContainerConfinement } from './confinement.js';
import type { PullPolicy } from './images.js';

/** How containers are run on this node. */
export interface KeeperSettings {
  /** Path of the engine's socket. */
  socket: string;
  pull: PullPolicy;
  /** A file as `docker login` writes it, with the logins of registries. */
  auth_file: string | null;
  /** The engine's name of a network; null: its default. */
  network: string | null;
  /** A container whose first process cannot hear TERM is killed at once instead of after the grace. */
  quick_stop?: boolean;
  confinement: ContainerConfinement;
}
