#!/usr/bin/env node
import { Command } from 'commander';
import { USER_AGENT } from '../providers/user-agent.ts';
import { auditCommand } from './audit.ts';
import { batchCommand } from './batch.ts';
import { cancelCommand } from './cancel.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { reportError } from './report-error.ts';
import { reportCommand } from './report.ts';
import { resultsCommand } from './results.ts';
import { retryCommand } from './retry.ts';
import { scrapeCommand } from './scrape.ts';
import { scrapersCommand } from './scrapers.ts';
import { simulatorCommand } from './simulator.ts';
import { spendCommand } from './spend.ts';
import { statusCommand } from './status.ts';
import { upCommand } from './up.ts';
import { workerCommand } from './worker.ts';

const program = new Command('gleaner')
  .description('Paid scrapes as durable workflows: bought once, waited for free, all collected.')
  .version(USER_AGENT.split('/')[1] ?? 'unknown')
  .option('--debug', 'print stacks with errors')
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text.replace(/\n\(/g, ' (')) });
const commands = [
  demoCommand(),
  upCommand(),
  workerCommand(),
  simulatorCommand(),
  scrapeCommand(),
  batchCommand(),
  statusCommand(),
  cancelCommand(),
  retryCommand(),
  resultsCommand(),
  reportCommand(),
  scrapersCommand(),
  auditCommand(),
  spendCommand(),
  doctorCommand(),
];
for (const command of commands) {
  program.addCommand(command.copyInheritedSettings(program));
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportError(error, program.opts<{ debug?: boolean }>().debug === true);
  // The SDK's native part may keep a process alive that failed half-way through connecting; what was printed is out by then.
  setTimeout(() => process.exit(), 1_000).unref();
}
