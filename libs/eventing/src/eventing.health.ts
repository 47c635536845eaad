import { EventConsumer, Watchdog } from '@nestbox/consumer';
import { Broker } from '@nestbox/messaging';
import { Inject, Injectable } from '@nestjs/common';

/** One line when the app cannot hear or be heard: the broker is away, or a consumer group is not consuming. */
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
