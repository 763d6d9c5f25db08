import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './problem.ts';

/** Reads are tried twice more where the server could not be reached or was busy; refusals are final. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) => count < 2 && error instanceof ApiError && (error.status === 0 || error.status === 503),
    },
  },
});
