/** The rights of a container beyond running a command. It gains none by setuid programs, whatever is said here. */
export interface ContainerConfinement {
  /** Capabilities it keeps, such as CHOWN; all others are dropped. */
  capabilities: string[];
  /** Most processes and threads. */
  pids: number;
  /** user[:group]; null: the image's. */
  user: string | null;
  /** Its root cannot be written to; /tmp can. */
  read_only: boolean;
}
