import { ID, AT, END } from './common.js';

const newAlarm = {
  name: 'too much memory',
  queue: 'default',
  metric: 'app_memory_bytes',
  operator: '>',
  threshold: 8e9,
  clear_threshold: 7e9,
  for_s: 30,
  keep_for_s: 60,
  severity: 'critical',
  labels: { team: 'storage' },
  annotations: { summary: 'It grows.' },
  actions: [{ type: 'webhook', url: 'https://alerts.example/hook' }, { type: 'cancel' }],
};
const alarmState = {
  alarm_id: ID,
  name: 'too much memory',
  entry: ID,
  job_name: 'nightly',
  state: 'firing',
  severity: 'critical',
  metric: 'app_memory_bytes',
  active_at: AT,
  fired_at: END,
  value: 9e9,
  silenced_until: null,
};
const alarm = {
  id: ID,
  target: null,
  command: null,
  no_data: 'ok',
  group_by: ['alertname'],
  repeat_s: 14_400,
  enabled: true,
  owner: 'anonymous',
  created_at: AT,
  updated_at: AT,
  ...newAlarm,
  last_fired_at: END,
  states: [alarmState],
};
const transition = {
  id: '17',
  alarm_id: ID,
  name: 'too much memory',
  entry: ID,
  from: 'pending',
  to: 'firing',
  value: 9e9,
  silenced: false,
  at: END,
  ended_by: null,
};
const newSilence = {
  matchers: [{ name: 'alertname', value: 'too *', glob: true, equal: true }],
  ends_at: END,
  comment: 'maintenance',
};
const silence = { id: ID, starts_at: AT, owner: 'anonymous', created_at: AT, ...newSilence };

/** Examples of the shapes of alarms and silences. */
export const alarmExamples: Record<string, unknown> = {
  AlarmDto: newAlarm,
  AlarmViewDto: alarm,
  AlarmListDto: { alarms: [alarm] },
  AlarmStateListDto: { states: [alarmState] },
  AlarmFiringListDto: {
    firings: [
      {
        id: '17',
        alarm_id: ID,
        name: 'too much memory',
        entry: ID,
        job_name: 'nightly',
        job_state: 'cancelled',
        value: 9e9,
        silenced: false,
        fired_at: AT,
        ended_at: END,
        ended_by: 'gone',
      },
    ],
    next: null,
  },
  AlarmHistoryDto: { transitions: [transition], next: null },
  SilenceDto: newSilence,
  SilenceViewDto: silence,
  SilenceListDto: { silences: [silence] },
};
