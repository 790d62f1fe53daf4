import { useId, type ReactNode } from 'react';

/** The attributes that tie an input to its label, its help and its fault. */
interface Tied {
  id: string;
  name: string;
  'aria-invalid': boolean;
  'aria-describedby': string | undefined;
}

interface FieldProps {
  name: string;
  label: string;
  help?: string | undefined;
  fault?: string | undefined;
  wide?: boolean;
  children: (tied: Tied) => ReactNode;
}

/** An input with its label, and below it the fault that the API found, or a help. */
export function Field({ name, label, help, fault, wide = false, children }: FieldProps) {
  const id = useId();
  const said = fault === undefined ? help : `${label} ${fault}`;
  return (
    <div className={wide ? 'labelled labelled--wide' : 'labelled'}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        name,
        'aria-invalid': fault !== undefined,
        'aria-describedby': said === undefined ? undefined : `${id}-about`,
      })}
      {said !== undefined && (
        <span id={`${id}-about`} className={fault === undefined ? 'muted small' : 'labelled__fault small'}>
          {said}
        </span>
      )}
    </div>
  );
}
