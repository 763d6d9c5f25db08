import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `kumiki start` listens unless told otherwise; `npm run dev` passes its API on to it. */
const server = 'http://127.0.0.1:4646';

export default defineConfig({
  plugins: [react()],
  server: { proxy: { '/api': server, '/v1': server } },
  build: { outDir: 'dist', sourcemap: false },
});
