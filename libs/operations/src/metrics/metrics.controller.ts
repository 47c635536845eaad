import { AllowedTo } from '@nestbox/access';
import { MetricsRegistry } from '@nestbox/messaging';
import { Controller, Get, Header, Inject } from '@nestjs/common';
import { BacklogStats } from './backlog-stats.js';

/** For Prometheus. Exports numbers and handler names, never event data. */
@Controller('metrics')
@AllowedTo('internal')
export class MetricsController {
  constructor(
    @Inject(MetricsRegistry) private readonly metrics: MetricsRegistry,
    @Inject(BacklogStats) private readonly backlogStats: BacklogStats,
  ) {}

  /** While the database does not answer, only the process's own figures are exported. */
  @Get()
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  async scrape(): Promise<string> {
    await this.backlogStats.read().catch(() => this.backlogStats.forget());
    return this.metrics.registry.metrics();
  }
}
