import type { Admin } from 'kafkajs';
import { withDeadline } from './deadline.js';

/**
 * A client that many ask at once. After a question that failed nobody is to ask it any more; it is disconnected when the
 * last answer is there, because kafkajs forgets at once what the questions under way are asked with.
 */
export class SharedAdmin {
  private underWay = 0;
  private givenUp = false;

  constructor(private readonly connecting: Promise<Admin>) {}

  async ask<T>(question: (admin: Admin) => Promise<T>, deadlineMs: number): Promise<T> {
    this.underWay += 1;
    try {
      return await withDeadline(this.connecting.then(question), deadlineMs, 'An answer of Kafka');
    } finally {
      this.underWay -= 1;
      this.disconnectUnused();
    }
  }

  giveUp(): void {
    this.givenUp = true;
    this.disconnectUnused();
  }

  async disconnect(): Promise<void> {
    await this.connecting.then((admin) => admin.disconnect()).catch(() => undefined);
  }

  private disconnectUnused(): void {
    if (this.givenUp && this.underWay === 0) void this.disconnect();
  }
}
