import { useState } from 'react';

/** A value that this browser keeps. One that cannot be read, or kept, is the first one again. */
export function useKept<T>(name: string, first: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => recall(name, first));
  return [
    value,
    (next) => {
      setValue(next);
      keep(name, next);
    },
  ];
}

export function recall<T>(name: string, first: T): T {
  try {
    const text = localStorage.getItem(`drover.${name}`);
    return text === null ? first : (JSON.parse(text) as T);
  } catch {
    return first;
  }
}

export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(`drover.${name}`, JSON.stringify(value));
  } catch {
    // The browser keeps nothing, or no more: the choice lasts as long as the page.
  }
}
