import cronstrue from 'cronstrue';

/** A cron pattern in words, as far as it can be read; the API says what is wrong with one that cannot. */
export function ScheduleWords({ pattern, zone }: { pattern: string; zone: string }) {
  return (
    <p className="muted small" role="status">
      {wordsOf(pattern)} {zone === '' ? 'UTC' : zone}
    </p>
  );
}

function wordsOf(pattern: string): string {
  try {
    return cronstrue.toString(pattern, { use24HourTimeFormat: true });
  } catch {
    return 'This is no pattern of five or six fields yet.';
  }
}
