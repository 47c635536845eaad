import { EventConsumer, Watchdog } from '@nestbox/consumer';
import { Broker } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';

/** Reports one line when the broker does not answer or a consumer group does not consume. */
@Injectable()
export class EventingHealth {
  constructor(
    @Inject(Broker) private readonly broker: Broker,
    @Inject(EventConsumer) private readonly consumer: EventConsumer,
    @Inject(Watchdog) private readonly watchdog: Watchdog,
  ) {}

  async problem(): Promise<string | undefined> {
    const broker = await this.broker.problem();
    if (broker) return `broker: ${broker}`;
    const consumer = this.consumer.problem() ?? this.watchdog.problem();
    return consumer && `consumer: ${consumer}`;
  }
}
