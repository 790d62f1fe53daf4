import type { Socket } from 'node:net';

/** Nobody sends a longer line; a peer that does is broken. Bytes. */
const MAX_LINE = 8 * 1024 * 1024;

/**
 * JSON lines over a socket. Messages of one turn of the event loop leave in one write: at hundreds of short jobs a
 * second most of the cost would else be system calls.
 */
export class LineSocket<In, Out> {
  private pending = '';
  private rest = '';
  private scheduled = false;

  constructor(
    private readonly socket: Socket,
    private readonly onMessage: (message: In) => void,
  ) {
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.read(text));
    // The close event follows; there is nothing more to do about an error.
    socket.on('error', () => socket.destroy());
  }

  send(message: Out): void {
    this.pending += `${JSON.stringify(message)}\n`;
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.flush());
  }

  flush(): void {
    this.scheduled = false;
    const text = this.pending;
    this.pending = '';
    if (text !== '' && !this.socket.destroyed) this.socket.write(text);
  }

  onClose(listener: () => void): void {
    this.socket.on('close', listener);
  }

  /** Sends what is pending, then closes. */
  end(): void {
    this.flush();
    this.socket.end();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private read(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    if (this.rest.length > MAX_LINE) {
      this.socket.destroy();
      return;
    }
    for (const line of lines) if (line !== '') this.onMessage(JSON.parse(line) as In);
  }
}
