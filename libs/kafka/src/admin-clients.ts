import type { Admin } from 'kafkajs';
import { withDeadline } from './kafka.error.js';

/** Idle clients kept for the next request; others are disconnected after their answer. */
const MAX_IDLE = 2;

/**
 * One client per running request: kafkajs keeps one topic list per client, so two concurrent requests could spoil each
 * other's answers. A client is not used again after a failed request.
 */
export class AdminClients {
  private readonly idle: Admin[] = [];
  private closed = false;

  constructor(private readonly connect: () => Promise<Admin>) {}

  async ask<T>(question: (admin: Admin) => Promise<T>, deadlineMs: number): Promise<T> {
    const connecting = this.idle.length > 0 ? Promise.resolve(this.idle.pop()!) : this.connect();
    try {
      const answer = await withDeadline(connecting.then(question), deadlineMs, 'An answer of Kafka');
      this.release(await connecting);
      return answer;
    } catch (error) {
      void connecting.then(disconnect, () => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.idle.splice(0).map(disconnect));
  }

  private release(admin: Admin): void {
    if (this.closed || this.idle.length >= MAX_IDLE) void disconnect(admin);
    else this.idle.push(admin);
  }
}

async function disconnect(admin: Admin): Promise<void> {
  await admin.disconnect().catch(() => undefined);
}
