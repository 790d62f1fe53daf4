/** The code of a migration and of an entity: a class. */
type Class = new () => object;

/** Tables that a part of Drover outside the store brings. */
export interface Tables {
  /** One for each of its tables. */
  entities: readonly Class[];
  /** In order. Their names end with a time stamp, which places them among the migrations of the product. */
  migrations: readonly Class[];
}
