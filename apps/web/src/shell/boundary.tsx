import { Component, type ReactNode } from 'react';
import { sentenceOf } from '../api/fault.js';

interface State {
  error: unknown;
}

/**
 * A screen that fails leaves the rest of the console standing. A part that is not there any more came from an older
 * version.
 */
export class Boundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div className="notice notice--bad" role="alert">
        <span>This screen failed: {sentenceOf(error)}</span>
        <button type="button" className="button" onClick={() => location.reload()}>
          Load the page again
        </button>
      </div>
    );
  }
}
