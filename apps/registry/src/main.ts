import { bootstrap } from '@nestbox/platform';
import { RegistryModule } from './registry.module.js';

void bootstrap(RegistryModule);
