import { list, read } from './kernel-files.js';

export interface Sensor {
  component: string;
  /** Degrees Celsius. */
  now: number;
  critical: number | null;
}

const milli = (path: string): number | null => {
  const text = read(path).trim();
  return /^-?\d+$/.test(text) ? Number(text) / 1000 : null;
};

/** Temperatures the kernel knows. None on most virtual machines. */
export function sensors(root = '/sys/class/hwmon'): Sensor[] {
  const found: Sensor[] = [];
  for (const chip of list(root)) {
    const name = read(`${root}/${chip}/name`).trim() || chip;
    for (const file of list(`${root}/${chip}`)) {
      const input = /^(temp\d+)_input$/.exec(file);
      const now = input ? milli(`${root}/${chip}/${file}`) : null;
      if (!input || now === null) continue;
      const label = read(`${root}/${chip}/${input[1]}_label`).trim() || (input[1] as string);
      found.push({ component: `${name} ${label}`, now, critical: milli(`${root}/${chip}/${input[1]}_crit`) });
    }
  }
  return found;
}
