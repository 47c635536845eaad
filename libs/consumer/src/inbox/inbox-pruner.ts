import { EVENTING_OPTIONS } from '@nestbox/messaging';
import type { MessagingOptions } from '@nestbox/messaging';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { prune } from './prune.js';

const EVERY_MS = 15_000;
const DAY_MS = 86_400_000;

/** Forgets old claims, some thousand at a time. Every process does it: two at once only find less to delete. */
@Injectable()
export class InboxPruner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Inbox');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(EVENTING_OPTIONS) private readonly options: MessagingOptions,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => (this.running = this.prune()), EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async prune(): Promise<void> {
    const { rememberDays = 30 } = this.options;
    await prune(this.dataSource, Date.now() - rememberDays * DAY_MS).catch((error: Error) =>
      this.logger.warn(`Old claims could not be forgotten: ${error.message}`),
    );
  }
}
