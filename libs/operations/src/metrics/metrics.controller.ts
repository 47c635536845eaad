import { MetricsRegistry } from '@nestbox/messaging';
import { Controller, Get, Header, Inject } from '@nestjs/common';
import { BacklogStats } from './backlog-stats.js';

/** For Prometheus. It tells numbers and names of handlers, and nothing of any event. */
@Controller('metrics')
export class MetricsController {
  constructor(
    @Inject(MetricsRegistry) private readonly metrics: MetricsRegistry,
    @Inject(BacklogStats) private readonly vitalSigns: BacklogStats,
  ) {}

  /** What the database tells is left out while it does not answer; the process's own counts never are. */
  @Get()
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  async scrape(): Promise<string> {
    await this.vitalSigns.read().catch(() => this.vitalSigns.forget());
    return this.metrics.registry.metrics();
  }
}
