import { rename, writeFile } from 'node:fs/promises';
import type { WrittenBackup } from '@drover/backup';

/** Writes figures of a backup for the textfile collector of Prometheus's node exporter, all at once. */
export async function writeTextfile(path: string, { end, bytes }: WrittenBackup, began: number): Promise<void> {
  const figures: [name: string, help: string, value: number][] = [
    ['last_success_timestamp_seconds', 'When the last backup of Drover was complete.', Date.now() / 1000],
    ['duration_seconds', 'How long it took.', (Date.now() - began) / 1000],
    ['size_bytes', 'Its size.', bytes],
    ['objects', 'Large objects in it.', end.objects.count],
    ['objects_missing', 'Large objects that were not stored any more.', end.missing.count],
    ['objects_damaged', 'Large objects with other bytes than the record says.', end.damaged.count],
  ];
  const text = figures.map(
    ([name, help, value]) =>
      `# HELP drover_backup_${name} ${help}\n# TYPE drover_backup_${name} gauge\ndrover_backup_${name} ${value}\n`,
  );
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, text.join(''), { mode: 0o644 });
  await rename(draft, path);
}
