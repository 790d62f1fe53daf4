/**
 * Settings for a small machine with one application on it. Given on the command line, so that they belong to the
 * program's version and not to the data folder.
 */
export function settings(port: number, durable: boolean): string[] {
  const values: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    // The only door is loopback TCP: no socket file whose path could be too long or left behind.
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '128MB',
    // No replicas: the least that crash recovery needs is written.
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_logical_replication_workers: 0,
    max_wal_size: '1GB',
    checkpoint_timeout: '10min',
    synchronous_commit: 'on',
    // `drover doctor --bundle` tells the statements that took longest.
    shared_preload_libraries: 'pg_stat_statements',
    'pg_stat_statements.max': 500,
    'pg_stat_statements.track_utility': 'off',
    // Three helper processes less; the data set lives in memory.
    io_method: 'sync',
    max_parallel_workers_per_gather: 0,
    autovacuum_max_workers: 2,
    autovacuum_naptime: '15s',
    jit: 'off',
    random_page_cost: 1.1,
    timezone: 'UTC',
    log_timezone: 'UTC',
    // The application logs faults of statements; this log has starts, stops and crashes.
    log_min_messages: 'log',
    log_checkpoints: 'off',
    log_autovacuum_min_duration: -1,
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
