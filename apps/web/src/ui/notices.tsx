import { useState, type ReactNode } from 'react';
import { Fault, sentenceOf } from '../api/fault.js';
import { Icon } from './icons.js';

/** A refusal in the API's own words. */
export function FaultNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div className="notice notice--bad" role="alert">
      <span>{sentenceOf(error)}</span>
      {onRetry && !(error instanceof Fault && error.status === 404) && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Says that there is nothing, and what brings something. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** A command to be run in a shell, with a button that copies it. */
export function CommandLine({ text, label = 'Copy the command' }: { text: string; label?: string }) {
  return (
    <div className="command">
      <code tabIndex={0}>{text}</code>
      <CopyButton text={text} label={label} />
    </div>
  );
}

/** Copies a text. The button says for a moment that it is done. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <button
      type="button"
      className="button button--bare"
      aria-label={label}
      title={label}
      onClick={() => void copy().catch(() => undefined)}
    >
      <Icon name={copied ? 'done' : 'copy'} />
    </button>
  );
}

const WIDTHS = ['62%', '38%', '74%', '51%', '45%', '68%'];

/** The place of rows that are being read: as many, as high. */
export function Bones({ rows = 6 }: { rows?: number }) {
  return (
    <div role="status" className="bones">
      <span className="unseen">Loading</span>
      {Array.from({ length: rows }, (_, at) => (
        <div key={at} className="bones__row">
          <span className="bone" style={{ width: WIDTHS[at % WIDTHS.length] }} />
        </div>
      ))}
    </div>
  );
}
