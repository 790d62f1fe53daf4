/**
 * Numbers of users, one for each running execution. One that was given back comes again last, so that what its job left
 * is not met by the next one soon.
 */
export class UidPool {
  private readonly free: number[];
  private readonly held = new Set<number>();

  constructor(first: number, last: number) {
    const count = last - first + 1;
    // Another start begins elsewhere, for the same reason.
    const from = Math.floor(Math.random() * count);
    this.free = Array.from({ length: count }, (_, at) => first + ((from + at) % count));
  }

  /** @throws Error with a sentence when all are held */
  take(): number {
    const uid = this.free.shift();
    if (uid === undefined)
      throw new Error('No number of a user is left for the job: raise DROVER_ISOLATION_UIDS, or lower DROVER_SLOTS.');
    this.held.add(uid);
    return uid;
  }

  /** Keeps the user of an execution that was found running. */
  hold(uid: number): void {
    const at = this.free.indexOf(uid);
    if (at >= 0) this.free.splice(at, 1);
    this.held.add(uid);
  }

  give(uid: number): void {
    if (this.held.delete(uid)) this.free.push(uid);
  }
}
