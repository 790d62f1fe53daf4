import { useAlarms } from '../../api/alarms.js';
import { metricWords } from '../../lib/metric.js';

/** Says a value of the metric that an alarm looks at; of an alarm that is gone as a plain number. */
export function useWords(alarmId: string): (value: number) => string {
  const { data } = useAlarms();
  return metricWords(data?.find(({ id }) => id === alarmId)?.metric ?? '');
}
