/**
 * For two cores and a few hundred connections of a dozen small services.
 * @param {{ port: number, durable: boolean }} options
 * @returns {Record<string, string | number>}
 */
export function postgresSettings({ port, durable }) {
  return {
    port,
    listen_addresses: '127.0.0.1',
    // Everybody comes over TCP; a socket folder would need a place that the server may write.
    unix_socket_directories: '',
    max_connections: 400,
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    // A parallel plan costs more than it gains on two cores, and needs more /dev/shm than containers have.
    max_parallel_workers_per_gather: 0,
    jit: 'off',
    random_page_cost: 1.1,
    // Outbox, inbox and log tables turn over fast: vacuum must come by more often than once a minute.
    autovacuum_naptime: '15s',
    // Details of an error quote rows, and so people.
    log_error_verbosity: 'terse',
    log_line_prefix: '%m [%p] %a ',
    timezone: 'UTC',
    log_timezone: 'UTC',
    fsync: durable ? 'on' : 'off',
    synchronous_commit: 'on',
    full_page_writes: durable ? 'on' : 'off',
  };
}
