import { Injectable, Logger } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { backOff, Sleeper } from '@nestbox/kernel';
import { write } from '../domain/letter.js';
import { Mailer } from '../domain/mailer.js';
import { MailQueue } from '../persistence/mail-queue.js';
import type { Outcome } from '../persistence/mail-queue.js';

const SENDS_AT_ONCE = 4;
// Polling finds mails that have become due, and mails of other processes.
const POLL_MS = 1_000;

/** Sends mails from the queue, several at a time. Shutdown waits for those in progress. */
@Injectable()
export class MailDispatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(MailDispatcher.name);
  private readonly wakeUp = new Sleeper();
  private workers: Promise<void>[] = [];
  private stopping = false;

  constructor(
    private readonly queue: MailQueue,
    private readonly mailer: Mailer,
  ) {}

  onApplicationBootstrap(): void {
    this.queue.whenAdded(() => this.wakeUp.wakeOne());
    this.workers = Array.from({ length: SENDS_AT_ONCE }, () => this.work());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.wakeUp.wake();
    await Promise.all(this.workers);
  }

  private async work(): Promise<void> {
    for (let failures = 0; !this.stopping; ) {
      try {
        const outcome = await this.deliverNext();
        failures = 0;
        if (outcome === 'none') await this.wakeUp.sleep(POLL_MS);
      } catch (error) {
        failures += 1;
        this.report(error as Error, failures);
        await this.leaveAlone(failures);
      }
    }
  }

  private deliverNext(): Promise<Outcome> {
    return this.queue.deliverNext((mail, to) => this.mailer.send(write(mail, to)));
  }

  /** Pauses while the server is down. No mail counts as tried, so the outage lengthens no mail's wait. */
  private async leaveAlone(failures: number): Promise<void> {
    const end = Date.now() + backOff(failures);
    while (!this.stopping && Date.now() < end) await this.wakeUp.sleep(end - Date.now());
  }

  /** Logs only failures number 1, 2, 4, 8 …: a long outage gives few lines. */
  private report(error: Error, failures: number): void {
    if ((failures & (failures - 1)) === 0) this.logger.warn(`mail cannot be sent (failure ${failures}): ${error.message}`);
  }
}
