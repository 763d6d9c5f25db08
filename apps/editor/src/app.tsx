import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useLayoutEffect } from 'react';
import { queryClient } from './api/query-client.ts';
import { router } from './routes.tsx';
import { mantineTheme, resolveMantineVariables } from './theme/mantine-theme.ts';
import { useTheme } from './theme/use-theme.ts';

export function App() {
  const theme = useTheme();
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return (
    <MantineProvider theme={mantineTheme} forceColorScheme={theme} cssVariablesResolver={resolveMantineVariables}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
