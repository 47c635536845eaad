import { AllowedTo } from '@nestbox/access';
import { DatabaseModule, UnitOfWork } from '@nestbox/database';
import { bootstrap, Config, PlatformModule } from '@nestbox/platform';
import { Body, Controller, Inject, Module, Post } from '@nestjs/common';

@Controller('orders')
@AllowedTo('public')
class OrdersController {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Post()
  place(@Body() { customer }: { customer: string }) {
    return this.unitOfWork.run(() => this.unitOfWork.query('INSERT INTO orders SELECT $1 FROM pg_sleep(0.02)', [customer]));
  }
}

/** An app whose requests each take a transaction of 20 ms. */
@Module({
  imports: [
    PlatformModule.forRoot({ app: 'checkout', migrations: [] }),
    DatabaseModule.forRootAsync({ inject: [Config], useFactory: ({ database }: Config) => ({ ...database, maxWaiting: 100, poolSize: 10 }) }),
  ],
  controllers: [OrdersController],
})
class BusyModule {}

await bootstrap(BusyModule);
