/**
 * Gives executions of a node a slot each, and keeps it as long as they run. Workers count their slots and do not number
 * them: the numbers are for people who look, and each process that shows them has its own.
 */
export class SlotPlaces {
  private readonly nodes = new Map<string, Map<string, number>>();

  /** The slots, from 1, of the executions that a node has now, in the order of their claims. Others are forgotten. */
  place(node: string, executions: readonly string[]): Map<string, number> {
    const before = this.nodes.get(node) ?? new Map<string, number>();
    const places = new Map<string, number>();
    const taken = new Set<number>();
    for (const id of executions) {
      const place = before.get(id);
      if (place === undefined) continue;
      places.set(id, place);
      taken.add(place);
    }
    let free = 1;
    for (const id of executions) {
      if (places.has(id)) continue;
      while (taken.has(free)) free += 1;
      places.set(id, free);
      taken.add(free);
    }
    if (places.size === 0) this.nodes.delete(node);
    else this.nodes.set(node, places);
    return places;
  }

  /** Forgets nodes that are not among these. */
  keep(nodes: ReadonlySet<string>): void {
    for (const node of this.nodes.keys()) if (!nodes.has(node)) this.nodes.delete(node);
  }
}
