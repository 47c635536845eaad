import type { Type } from '@nestjs/common';
import { portOffsets, smtpOffset } from './ports.js';
import { readTable } from './read-variables.js';
import type { ValuesOf, VariableTable } from './read-variables.js';
import { variables } from './variables.js';
import type { Variables } from './variables.js';

/** `host:port` at which `npm start` puts an app or the mail catcher: the default of an address that is not given. */
export type Near = (listener: string) => string;

type All<Table extends VariableTable> = Variables & ValuesOf<Table>;

interface SettingsSpec<Table extends VariableTable, Shape extends object> {
  /** The class that is injected. */
  readonly as: Type<Shape>;
  /** What the app is told beside the platform's own variables. */
  readonly variables: Table;
  /** What has to be set, given the rest; the platform's variables may be among them. */
  readonly needed?: (values: All<Table>) => readonly (keyof All<Table> & string)[];
  readonly read: (values: All<Table>, near: Near) => Shape;
}

/** What one app has to know that no other has; see `PlatformModule.forRoot`. */
export interface Settings {
  readonly as: Type<object>;
  readonly variables: VariableTable;
  readonly needed: (values: Variables) => readonly string[];
  /** Of an environment that `loadConfig` has found to be right. */
  readonly read: (env: NodeJS.ProcessEnv) => object;
}

export function defineSettings<Table extends VariableTable, Shape extends object>(spec: SettingsSpec<Table, Shape>): Settings {
  const { as, needed = () => [], read } = spec;
  return {
    as,
    variables: spec.variables,
    needed: (values) => needed(values as All<Table>),
    read: (env) => {
      const values = readTable(env, { ...variables, ...spec.variables }).values as All<Table>;
      return read(values, near(values));
    },
  };
}

export function near({ PORT_BASE }: Pick<Variables, 'PORT_BASE'>): Near {
  return (listener) => `127.0.0.1:${PORT_BASE + (listener === 'smtp' ? smtpOffset : portOffsets[listener]!)}`;
}
