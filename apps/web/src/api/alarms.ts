import { useMutation } from '@tanstack/react-query';
import { api, take } from './client.js';

/** Nobody is told of an alarm for this long, however often it fires. */
export const SILENCE_H = 2;

/** Silences an alarm by its name. */
export const useSilence = () =>
  useMutation({
    mutationFn: (name: string) =>
      take(
        api.POST('/api/v1/alarms/silences', {
          body: {
            matchers: [{ name: 'alertname', value: name, glob: false, equal: true }],
            ends_at: new Date(Date.now() + SILENCE_H * 3_600_000).toISOString(),
            comment: 'From the console.',
          },
        }),
      ),
  });
