import { Component, type ReactNode } from 'react';
import { connection } from '../api/connection.js';
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
  private forget = (): void => undefined;

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  /** A part of the console that could not be read because the API was away is read when it is back: with the page. */
  override componentDidMount(): void {
    this.forget = connection.onReturn(() => this.state.error !== null && location.reload());
  }

  override componentWillUnmount(): void {
    this.forget();
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
