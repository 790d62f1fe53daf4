/** The most recently used of things that can be made again. */
export class Recent<T> {
  private readonly kept = new Map<string, T>();

  constructor(
    private readonly most: number,
    private readonly make: (key: string) => T,
  ) {}

  get(key: string): T {
    const value = this.kept.get(key) ?? this.make(key);
    this.kept.delete(key);
    this.kept.set(key, value);
    if (this.kept.size > this.most) this.kept.delete(this.kept.keys().next().value!);
    return value;
  }
}
