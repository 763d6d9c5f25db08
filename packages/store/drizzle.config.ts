import { defineConfig } from 'drizzle-kit';

/** `npm run migration -w @kumiki/store -- --name what_changes` writes the next migration from the schema. */
export default defineConfig({ dialect: 'postgresql', schema: './src/schema/tables.ts', out: './migrations' });
