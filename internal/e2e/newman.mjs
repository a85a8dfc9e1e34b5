// Runs the Postman collections in the folders that are named, each with its environment, and prints what came of each.
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import newman from 'newman';

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
for (const folder of process.argv.slice(2)) {
  const collection = read(folder + '/collection.json');
  const { run } = await promisify(newman.run)({ collection, environment: read(folder + '/environment.json'), timeoutRequest: 30000 });
  const { requests, assertions } = run.stats;
  console.log(`${collection.info.name}: ${requests.total} requests, ${assertions.total} assertions, ${assertions.failed} failed`);
  for (const { source, error } of run.failures) {
    console.error(`${collection.info.name}: ${source?.name}: ${error.message}`);
  }
  if (run.failures.length > 0 || assertions.total === 0) {
    process.exitCode = 1;
  }
}
