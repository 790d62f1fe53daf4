import { currentCaller } from '@drover/access';
import { auditOf } from '@drover/domain';
import { auditStore, scrapeStore, type Store } from '@drover/store';

const CHILDREN_EACH = 2;
/** Edges that are remembered: anybody who reaches the port can ask for a place. */
const MOST_EDGES = 10_000;

/** Which child joins which, as this server, the root, has told them. */
export class TreeService {
  constructor(
    private readonly store: Store,
    /** `host:port` of this server. */
    readonly self: string,
  ) {}

  edges(): Promise<{ parent: string; child: string }[]> {
    return scrapeStore.edges(this.store.sql);
  }

  /**
   * A parent for a new child: the tree fills breadth-first, two children each. A child that asks again keeps its
   * parent.
   */
  async place(child: string): Promise<string> {
    return this.store.tx(async (sql) => {
      await scrapeStore.lockTree(sql);
      const edges = await scrapeStore.edges(sql);
      const known = edges.find((edge) => edge.child === child);
      if (known || child === this.self) return known?.parent ?? this.self;
      const count = new Map<string, number>();
      for (const { parent } of edges) count.set(parent, (count.get(parent) ?? 0) + 1);
      // In the order they came, children stand level by level.
      const parent =
        [this.self, ...edges.map((edge) => edge.child)].find((one) => (count.get(one) ?? 0) < CHILDREN_EACH) ??
        this.self;
      if (edges.length < MOST_EDGES) {
        await scrapeStore.putEdge(sql, parent, child);
        await auditStore.insert(sql, [
          auditOf(currentCaller(), { action: 'tree.place', kind: 'tree', object_id: child, after: { parent } }),
        ]);
      }
      return parent;
    });
  }

  /** Its children go to its parent. False: it was not in the tree. */
  async leave(child: string): Promise<boolean> {
    return this.store.tx(async (sql) => {
      await scrapeStore.lockTree(sql);
      const edges = await scrapeStore.edges(sql);
      const own = edges.find((edge) => edge.child === child);
      for (const edge of edges.filter((one) => one.parent === child))
        await scrapeStore.putEdge(sql, own?.parent ?? this.self, edge.child);
      const left = await scrapeStore.deleteEdge(sql, child);
      if (left)
        await auditStore.insert(sql, [
          auditOf(currentCaller(), {
            action: 'tree.leave',
            kind: 'tree',
            object_id: child,
            before: { parent: own?.parent ?? null },
          }),
        ]);
      return left;
    });
  }

  async has(node: string): Promise<boolean> {
    return node === this.self || (await this.edges()).some((edge) => edge.child === node);
  }
}
