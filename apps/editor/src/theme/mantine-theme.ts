import {
  ActionIcon,
  Button,
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  Input,
  InputWrapper,
  type MantineColorsTuple,
  Menu,
  Modal,
  SegmentedControl,
  Tooltip,
} from '@mantine/core';

/** Mantine wants ten shades of each colour. The tokens have one, which both themes set, so all ten are it. */
const accent: MantineColorsTuple = [
  'var(--accent-soft)',
  'var(--accent-soft)',
  'var(--accent)',
  'var(--accent)',
  'var(--accent)',
  'var(--accent)',
  'var(--accent)',
  'var(--accent)',
  'var(--accent-hover)',
  'var(--accent-hover)',
];

/** Mantine's controls, brought down to the density and the edges of the tokens: 28 px high, hardly rounded, 12 px. */
export const mantineTheme = createTheme({
  fontFamily: 'var(--font-ui)',
  fontFamilyMonospace: 'var(--font-mono)',
  colors: { accent },
  primaryColor: 'accent',
  primaryShade: 6,
  defaultRadius: 'sm',
  radius: {
    xs: 'var(--radius-1)',
    sm: 'var(--radius-2)',
    md: 'var(--radius-3)',
    lg: 'var(--radius-3)',
    xl: 'var(--radius-3)',
  },
  fontSizes: {
    xs: 'var(--text-11)',
    sm: 'var(--text-12)',
    md: 'var(--text-13)',
    lg: 'var(--text-14)',
    xl: 'var(--text-16)',
  },
  spacing: {
    xs: 'var(--space-2)',
    sm: 'var(--space-4)',
    md: 'var(--space-5)',
    lg: 'var(--space-6)',
    xl: 'var(--space-7)',
  },
  shadows: {
    xs: 'var(--shadow-1)',
    sm: 'var(--shadow-1)',
    md: 'var(--shadow-2)',
    lg: 'var(--shadow-2)',
    xl: 'var(--shadow-2)',
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({
      defaultProps: { variant: 'default', size: 'xs' },
      vars: (_, { variant }) => ({
        root: {
          '--button-height': 'var(--control)',
          '--button-padding-x': '10px',
          '--button-fz': 'var(--text-12)',
          ...(variant === 'filled' ? { '--button-color': 'var(--on-accent)' } : {}),
          ...(variant === 'light' ? { '--button-bd': '1px solid var(--accent)' } : {}),
        },
      }),
      styles: { root: { fontWeight: 'var(--weight-normal)' }, section: { marginInlineEnd: 6 } },
    }),
    ActionIcon: ActionIcon.extend({
      defaultProps: { variant: 'subtle', color: 'gray' },
      vars: () => ({ root: { '--ai-size': 'var(--control)' } }),
    }),
    Input: Input.extend({
      defaultProps: { size: 'xs' },
      vars: () => ({
        wrapper: {
          '--input-height': 'var(--control)',
          '--input-fz': 'var(--text-12)',
          '--input-padding': '8px',
          '--input-bd': 'var(--line-strong)',
          '--input-bg': 'var(--surface)',
          '--input-placeholder-color': 'var(--ink-3)',
        },
      }),
    }),
    InputWrapper: InputWrapper.extend({
      defaultProps: { size: 'sm' },
      styles: {
        label: { marginBottom: 5, fontWeight: 'var(--weight-normal)', color: 'var(--ink-2)' },
        description: { marginBottom: 5, color: 'var(--ink-3)', fontSize: 'var(--text-11)' },
        error: { marginTop: 4, fontSize: 'var(--text-11)', lineHeight: 1.5 },
      },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 400, withArrow: false, multiline: true, maw: 280, fz: 'xs' },
    }),
    Menu: Menu.extend({
      defaultProps: { shadow: 'md', position: 'bottom-start', offset: 4 },
      styles: { item: { fontSize: 'var(--text-12)', padding: '5px 8px' } },
    }),
    Modal: Modal.extend({
      defaultProps: {
        transitionProps: { duration: 120 },
        centered: true,
        padding: 'lg',
        overlayProps: { backgroundOpacity: 0.35 },
      },
      styles: { title: { fontSize: 'var(--text-14)', fontWeight: 'var(--weight-strong)' } },
    }),
    Drawer: Drawer.extend({
      defaultProps: { transitionProps: { duration: 120 }, padding: 'lg', overlayProps: { backgroundOpacity: 0.2 } },
    }),
    SegmentedControl: SegmentedControl.extend({
      defaultProps: { size: 'xs' },
      styles: {
        root: { padding: 0, border: '1px solid var(--line-strong)', background: 'var(--surface)' },
        indicator: { background: 'var(--accent-soft)', boxShadow: 'none', borderRadius: 0 },
      },
    }),
  },
});

/** Mantine's own colour variables, pointed at the tokens. The tokens know the theme, so both schemes are the same. */
export const resolveMantineVariables: CSSVariablesResolver = () => {
  const colours = {
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-dimmed': 'var(--ink-3)',
    '--mantine-color-placeholder': 'var(--ink-3)',
    '--mantine-color-error': 'var(--state-failed)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--surface-sunk)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-primary-color-filled': 'var(--accent)',
    '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
    '--mantine-primary-color-contrast': 'var(--on-accent)',
    '--mantine-primary-color-light': 'var(--accent-soft)',
    '--mantine-primary-color-light-hover': 'var(--accent-soft)',
    '--mantine-primary-color-light-color': 'var(--accent)',
    '--mantine-color-accent-filled': 'var(--accent)',
    '--mantine-color-accent-filled-hover': 'var(--accent-hover)',
    '--mantine-color-accent-light': 'var(--accent-soft)',
    '--mantine-color-accent-light-hover': 'var(--accent-soft)',
    '--mantine-color-accent-light-color': 'var(--accent)',
    '--mantine-color-gray-light-hover': 'var(--surface-sunk)',
    '--mantine-color-gray-light-color': 'var(--ink-2)',
    '--mantine-color-disabled': 'var(--surface-sunk)',
    '--mantine-color-disabled-color': 'var(--ink-3)',
    '--mantine-color-disabled-border': 'var(--line)',
    '--mantine-color-white': 'var(--on-accent)',
  };
  return { variables: { '--mantine-line-height': 'var(--leading-ui)' }, light: colours, dark: colours };
};
