const AT = '2030-01-31T08:00:00.100Z';

/** The examples of shapes about logs; `sha`: of `hello\n`. */
export function logExamples(executionId: string, sha: string): Record<string, unknown> {
  const line = {
    number: 1,
    at: AT,
    stream: 'stdout',
    offset: 0,
    stream_offset: 0,
    bytes: 6,
    text: 'hello',
    cut: false,
    ended: true,
  };
  const point = { line: 1, offset: 0, at: AT };
  return {
    LogLineDto: line,
    LogLinesDto: { execution_id: executionId, state: 'complete', lines: [line], next: null, total: 1 },
    LogPointDto: point,
    LogGapDto: { stream: 'stdout', offset: 1_000_000, bytes: 24_000, reason: 'quota' },
    LogIndexDto: {
      execution_id: executionId,
      state: 'complete',
      lines: 1,
      bytes: 6,
      first_at: AT,
      last_at: AT,
      streams: [
        { stream: 'stdout', bytes: 6, lines: 1, sha256: sha },
        {
          stream: 'stderr',
          bytes: 0,
          lines: 0,
          sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        },
      ],
      points: [point],
      gaps: [],
    },
  };
}
