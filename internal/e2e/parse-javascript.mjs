// Parses every module in the folders below the one named.
import { readdirSync, readFileSync } from 'node:fs';
import { SourceTextModule } from 'node:vm';

const folder = process.argv[2];
for (const name of readdirSync(folder)) {
  const file = `${folder}/${name}/sample.mjs`;
  new SourceTextModule(readFileSync(file, 'utf8'), { identifier: file });
}
