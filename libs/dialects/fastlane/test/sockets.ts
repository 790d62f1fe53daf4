import { WebSocket } from 'ws';

export interface Talk {
  frames: string[];
  code: number;
  reason: string;
  /** HTTP status of a refusal. */
  refused?: number;
}

/** Listens to a websocket until it closes; `onFrame` hears the frames as they come. */
export function listen(
  url: string,
  options: { headers?: Record<string, string>; onFrame?: (frame: string, all: string[]) => void; send?: string } = {},
): Promise<Talk> {
  return new Promise((resolve, reject) => {
    const frames: string[] = [];
    const ws = new WebSocket(url.replace(/^http/, 'ws'), { headers: options.headers ?? {} });
    const timer = setTimeout(() => {
      ws.terminate();
      reject(new Error(`${url} did not close within 20 s; it said ${JSON.stringify(frames)}`));
    }, 20_000);
    const done = (talk: Talk): void => {
      clearTimeout(timer);
      resolve(talk);
    };
    ws.on('open', () => {
      if (options.send !== undefined) ws.send(options.send);
    });
    ws.on('message', (data, binary) => {
      if (binary) reject(new Error('a binary frame came'));
      frames.push((data as Buffer).toString('utf8'));
      options.onFrame?.(frames.at(-1) ?? '', frames);
    });
    ws.on('unexpected-response', (_, response) => {
      response.resume();
      done({ frames, code: 0, reason: '', refused: response.statusCode ?? 0 });
    });
    ws.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    ws.on('close', (code, reason) => done({ frames, code, reason: reason.toString() }));
  });
}
