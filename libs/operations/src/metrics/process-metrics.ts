import { monitorEventLoopDelay } from 'node:perf_hooks';
import { UnitOfWork } from '@nestbox/database';
import { MetricsRegistry } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';

const NS_PER_SECOND = 1e9;

/** Process metrics under the names that common dashboards expect. */
@Injectable()
export class ProcessMetrics implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly loop = monitorEventLoopDelay({ resolution: 20 });

  constructor(@Inject(MetricsRegistry) { registry }: MetricsRegistry, @Inject(UnitOfWork) unitOfWork: UnitOfWork) {
    const registers = [registry];
    const gauge = (name: string, help: string, read: () => number) =>
      new Gauge({ name, help, registers, collect() { this.set(read()); } });
    gauge('process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());
    gauge('nodejs_heap_size_used_bytes', 'Used part of the heap.', () => process.memoryUsage().heapUsed);
    gauge('process_start_time_seconds', 'Start of the process, since the epoch.', () => Math.round(Date.now() / 1000 - process.uptime()));
    gauge('nodejs_eventloop_lag_p99_seconds', '99th percentile since the last scrape.', () => {
      const seconds = this.loop.percentile(99) / NS_PER_SECOND;
      this.loop.reset();
      return seconds;
    });
    gauge('nestbox_transactions_waiting', 'Units of work that wait for a connection.', () => unitOfWork.waiting);
    new Counter({
      name: 'nestbox_callers_turned_away_total',
      help: 'Requests for which no transaction was begun: too many waited, or the client had gone.',
      labelNames: ['reason'],
      registers,
      collect() {
        this.reset();
        for (const [reason, count] of Object.entries(unitOfWork.turnedAway)) this.inc({ reason }, count);
      },
    });
    new Counter({
      name: 'process_cpu_seconds_total',
      help: 'User and system time.',
      registers,
      collect() {
        const { user, system } = process.cpuUsage();
        this.reset();
        this.inc((user + system) / 1e6);
      },
    });
  }

  onApplicationBootstrap(): void {
    this.loop.enable();
  }

  onApplicationShutdown(): void {
    this.loop.disable();
  }
}
